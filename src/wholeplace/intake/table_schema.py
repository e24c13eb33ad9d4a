"""A dataset's contract as a Table Schema v2 descriptor, for partners' own tools."""

import datetime as dt
from typing import Any

from wholeplace.partnership.definitions import Dataset, ExtractField

__all__ = ["export_table_schema"]

_PROFILE = "https://datapackage.org/profiles/2.0/tableschema.json"


def export_table_schema(dataset: Dataset) -> dict[str, Any]:
    """Return the descriptor: what a partner must send, without what is done with it.

    Checks of UK identifiers, which Table Schema cannot say, stand under `wholeplace:check`.
    The primary key is given for full extracts only; a file of changes may correct its own rows.
    """
    descriptor: dict[str, Any] = {
        "$schema": _PROFILE,
        "name": dataset.id,
        "title": dataset.title,
        "fieldsMatch": ["superset"],
        "missingValues": [""],
        "fields": [_field(dataset, field) for field in dataset.fields],
    }
    if dataset.file.update == "full":
        descriptor["primaryKey"] = list(dataset.key)
    return descriptor


def _field(dataset: Dataset, field: ExtractField) -> dict[str, Any]:
    described: dict[str, Any] = {"name": field.name, "type": field.type}
    if field.title:
        described["title"] = field.title
    if field.format != "default":
        described["format"] = field.format
    constraints = {name: _plain(value) for name, value in field.constraints.items()}
    if field.name in dataset.key or field.feeds == "record.source_id":
        constraints["required"] = True
    if constraints:
        described["constraints"] = constraints
    if field.type == "boolean":
        described["trueValues"] = list(field.true_values)
        described["falseValues"] = list(field.false_values)
    if field.missing_values != ("",):
        described["missingValues"] = sorted({"", *field.missing_values})
    if field.check:
        described["wholeplace:check"] = field.check
    return described


def _plain(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value.isoformat() if isinstance(value, dt.date) else value
