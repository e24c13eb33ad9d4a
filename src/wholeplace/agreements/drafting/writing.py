"""An agreement as the file of a place folder, and its forms as plain text."""

import io
from typing import Any

from wholeplace.agreements.drafting.sharing_request import (
    DECISION_ITEMS,
    FormRow,
    request_of_clause,
    request_rows,
)
from wholeplace.agreements.texts.agreement import Agreement
from wholeplace.agreements.texts.terms import Terms

__all__ = ["agreement_yaml", "annex_b_text"]


def agreement_yaml(agreement: Agreement) -> str:
    """Return the text of `agreements/<id>.yaml`; read back, it gives the same agreement."""
    from ruamel.yaml import YAML

    whole = agreement.model_dump(mode="python", exclude_none=True)
    for clause in whole["clauses"]:
        clause["level"] = clause["level"].name.lower()
    dump = YAML(typ="safe", pure=True)
    dump.default_flow_style, dump.width, dump.allow_unicode = False, 96, True
    dump.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    stream = io.StringIO()
    dump.dump(_plain(whole), stream)
    return stream.getvalue()


def annex_b_text(agreement: Agreement, terms: Terms) -> str:
    """Return the data sharing request and decision form of each clause, to fill in on paper."""
    parts = [f"{agreement.title}, version {agreement.version}\nData sharing request and decision"]
    for clause in agreement.clauses:
        rows = request_rows(request_of_clause(agreement, clause, terms), terms)
        blank = [FormRow(each.key, each.label, "") for each in DECISION_ITEMS]
        parts.append(f"Request: clause {clause.id}\n" + _lines(rows))
        parts.append("Decision\n" + _lines(blank))
    return "\n\n".join(parts) + "\n"


def _lines(rows: Any) -> str:
    return "\n".join(f"  {each.label}: {each.value or '.' * 40}" for each in rows)


def _plain(value: Any) -> Any:
    """Return tuples as lists: a safe dump knows no others."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value
