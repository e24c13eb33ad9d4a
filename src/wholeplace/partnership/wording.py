"""A wrong definition in service language: pydantic's errors as faults with lines."""

import difflib
import types
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.texts import MarkedText, Marks

__all__ = ["list_words", "read_definition", "suggest_word"]

Model = TypeVar("Model", bound=BaseModel)

_SLUG_WORDS = "small letters, digits and single hyphens, beginning with a letter"
_TYPE_WORDS = {
    "string_type": ("text", "put quotation marks round it"),
    "int_type": ("a whole number", "write a whole number"),
    "int_parsing": ("a whole number", "write a whole number"),
    "int_from_float": ("a whole number", "write a whole number"),
    "float_type": ("a number", "write a number"),
    "float_parsing": ("a number", "write a number"),
    "bool_type": ("true or false", "write true or false"),
    "bool_parsing": ("true or false", "write true or false"),
    "tuple_type": ("a list", "write [a, b], or one `- ` line for each item"),
    "list_type": ("a list", "write [a, b], or one `- ` line for each item"),
    "dict_type": ("keys and values", "write `key: value` lines below it"),
    "model_type": ("keys and values", "write `key: value` lines below it"),
    "model_attributes_type": ("keys and values", "write `key: value` lines below it"),
}
_DATE_WORDS = (
    "a day that exists, as YYYY-MM-DD",
    "write it as 2026-04-01, without quotation marks",
)


def suggest_word(word: str, known: Iterable[str]) -> str:
    """Return `write x` for the nearest known word, or the known words when none is near."""
    names = sorted(known)
    near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    return f"use one of: {list_words(names)}" if names else "define it first"


def list_words(words: Iterable[str], most: int = 12) -> str:
    """Return words as a readable list, cut short when there are many."""
    names = list(words)
    tail = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + tail


def read_definition(
    model: type[Model], text: MarkedText, data: Any = None, at: Marks = ()
) -> tuple[Model | None, list[Fault]]:
    """Read one definition from marked text.

    Args:
        model: the kind of definition.
        text: where it is written.
        data: the part of the text to read, where it is not the whole.
        at: where that part stands in the text.

    Returns:
        The definition, None where it has faults; and its faults.
    """
    data = text.data if data is None and at == () else data
    try:
        built = model.model_validate(data)
    except ValidationError as error:
        return None, [_fault_of(model, text, at, dict(each), data) for each in error.errors()]
    blank = [text.fault((*at, *path), *_blank_words(path)) for path in _blank_texts(built)]
    return (None, blank) if blank else (built, [])


def _blank_words(path: Marks) -> tuple[str, str, str]:
    return f"`{_name_of(path)}` is blank", "some text", "write it, or delete an optional key"


def _blank_texts(built: BaseModel) -> Iterable[Marks]:
    """Paths of texts that may not be blank: required ones."""
    for name, info in type(built).model_fields.items():
        value = getattr(built, name)
        if isinstance(value, str) and not value.strip() and info.is_required():
            yield (name,)
        elif isinstance(value, BaseModel):
            yield from ((name, *path) for path in _blank_texts(value))
        elif isinstance(value, tuple):
            for place, item in enumerate(value):
                if isinstance(item, BaseModel):
                    yield from ((name, place, *path) for path in _blank_texts(item))


def _name_of(path: Marks) -> str:
    names = [str(part) for part in path if isinstance(part, str) and part != "[key]"]
    return names[-1] if names else "the definition"


def _fault_of(
    model: type[BaseModel], text: MarkedText, at: Marks, error: Mapping[str, Any], data: Any
) -> Fault:
    loc: Marks = tuple(error["loc"])
    kind, context, name = str(error["type"]), error.get("ctx", {}), _name_of(loc)
    path = (*at, *loc)
    if kind == "missing":
        parent = path[:-1]
        where = f" of {_describe(data, loc[:-1])}" if loc[:-1] or at else ""
        return text.fault(
            parent, f"`{name}`{where} is missing", f"a line `{name}: …`", f"add `{name}`"
        )
    if kind == "extra_forbidden":
        known = _known_keys(model, loc[:-1])
        return text.fault(
            path,
            f"`{name}` is not a key that stands here",
            f"one of {list_words(sorted(known), 24)}" if known else "no keys",
            suggest_word(name, known) if known else "delete it",
        )
    what, expected, mend = _wrong_value(kind, context, name)
    return text.fault(path, what, expected, mend)


def _wrong_value(kind: str, context: Mapping[str, Any], name: str) -> tuple[str, str, str]:
    if kind == "literal_error":
        return (
            f"`{name}` has a value that is not on its list",
            str(context.get("expected", "")).replace("'", ""),
            "write one of the values listed",
        )
    if kind in ("string_pattern_mismatch", "string_too_long"):
        return f"`{name}` is not a valid id", f"{_SLUG_WORDS}, at most 60", "rename it"
    if kind.startswith(("date", "datetime")):
        return f"`{name}` is not a day", *_DATE_WORDS
    if kind in ("greater_than_equal", "less_than_equal"):
        bound = context.get("ge", context.get("le"))
        word = "or more" if "ge" in context else "or less"
        return f"`{name}` is out of range", f"{bound} {word}", "write a number in that range"
    if kind in _TYPE_WORDS:
        expected, mend = _TYPE_WORDS[kind]
        return f"`{name}` is not of the right type", expected, mend
    return f"`{name}` cannot be used", "what docs/reference/place-folder.md says", "correct it"


def _describe(data: Any, loc: Marks) -> str:
    """Name an item by its id or name where it has one, else by its place in the list."""
    value: Any = data
    for part in loc:
        try:
            value = value[part]
        except (KeyError, IndexError, TypeError):
            return f"`{_name_of(loc)}`"
    if isinstance(value, Mapping):
        for key in ("id", "name", "kind", "flag", "word", "event"):
            if isinstance(value.get(key), str):
                return f"`{value[key]}`"
    if loc and isinstance(loc[-1], int):
        return f"`{_name_of(loc)}` number {loc[-1] + 1}"
    return f"`{_name_of(loc)}`" if loc else "this item"


def _known_keys(model: type[BaseModel], loc: Marks) -> frozenset[str]:
    """Keys that may stand at a path of a model."""
    here: Any = model
    for part in loc:
        if isinstance(part, int):
            continue
        if not (isinstance(here, type) and issubclass(here, BaseModel)):
            return frozenset()
        info = here.model_fields.get(part)
        if info is None:
            return frozenset()
        here = _model_inside(info.annotation)
    if isinstance(here, type) and issubclass(here, BaseModel):
        return frozenset(here.model_fields)
    return frozenset()


def _model_inside(annotation: Any) -> Any:
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation
    if get_origin(annotation) in (tuple, list, Union, types.UnionType):
        for part in get_args(annotation):
            if part not in (Ellipsis, type(None)):
                return _model_inside(part)
    return None
