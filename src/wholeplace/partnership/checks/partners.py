"""Faults of place.yaml, partners.yaml and terms.yaml that single entries cannot show."""

import zoneinfo
from collections.abc import Iterator

from wholeplace.foundation.errors import Fault
from wholeplace.partnership.draft import PlaceDraft, dig
from wholeplace.partnership.frameworks import list_frameworks
from wholeplace.partnership.vocabulary import load_vocabulary
from wholeplace.partnership.wording import suggest_word

__all__ = ["partner_faults"]


def partner_faults(draft: PlaceDraft) -> Iterator[Fault]:
    """Name faults of the place, its partners and its terms."""
    yield from _place_faults(draft)
    yield from _each_partner(draft)
    yield from _term_faults(draft)


def _place_faults(draft: PlaceDraft) -> Iterator[Fault]:
    text = draft.texts.get("place.yaml")
    if text is None:
        return
    host = text.data.get("host")
    if isinstance(host, str) and "partners.yaml" in draft.texts and host not in draft.partner_ids:
        yield text.fault(
            ("host",),
            f"the host `{host}` is not a partner",
            "the id of a partner in partners.yaml",
            suggest_word(host, draft.partner_ids),
        )
    zone = text.data.get("time_zone")
    if isinstance(zone, str) and zone not in zoneinfo.available_timezones():
        yield text.fault(
            ("time_zone",), f"there is no time zone `{zone}`", "such as Europe/London", "correct it"
        )
    roles = load_vocabulary().roles
    for number, role in enumerate(text.data.get("second_step_roles") or []):
        if isinstance(role, str) and role not in roles:
            # Left as it is, the role that was meant would need no second step.
            yield text.fault(
                ("second_step_roles", number),
                f"there is no role `{role}`",
                "a role of the vocabulary",
                suggest_word(role, roles),
            )
    yield from _framework_faults(draft)


def _framework_faults(draft: PlaceDraft) -> Iterator[Fault]:
    text = draft.texts["place.yaml"]
    known: dict[str, list[str]] = {}
    for listed in list_frameworks():
        known.setdefault(listed.id, []).append(listed.version)
    seen: set[str] = set()
    adopted = text.data.get("frameworks")
    for place, item in enumerate(adopted if isinstance(adopted, list) else []):
        name, version = dig(item, "id"), dig(item, "version")
        at = ("frameworks", place, "id")
        if not isinstance(name, str):
            continue
        if name in seen:
            what = f"the framework `{name}` is adopted twice"
            yield text.fault(at, what, "one version of each", "delete one")
        seen.add(name)
        if name not in known:
            what = f"there is no framework `{name}`"
            yield text.fault(at, what, "one that ships with Wholeplace", suggest_word(name, known))
        elif isinstance(version, str) and version not in known[name]:
            what = f"the framework `{name}` has no version `{version}`"
            mend = suggest_word(version, known[name])
            yield text.fault(("frameworks", place, "version"), what, "a version that ships", mend)


def _each_partner(draft: PlaceDraft) -> Iterator[Fault]:
    text = draft.texts.get("partners.yaml")
    if text is None:
        return
    listed = text.data.get("partners")
    if listed == []:
        yield text.fault(("partners",), "no partner is listed", "at least the host", "add it")
    roles, seen = load_vocabulary().roles, set()
    for place, item in enumerate(listed if isinstance(listed, list) else []):
        if not isinstance(item, dict):
            continue
        name = item.get("id")
        if isinstance(name, str) and name in seen:
            what = f"the partner id `{name}` is used twice"
            yield text.fault(("partners", place, "id"), what, "each id once", "rename one")
        seen.add(name)
        for number, role in enumerate(dig(item, "roles") or []):
            if isinstance(role, str) and role not in roles:
                at = ("partners", place, "roles", number)
                what = f"there is no role `{role}`"
                yield text.fault(at, what, "a role of the vocabulary", suggest_word(role, roles))
        if place in draft.partners and not draft.partners[place].roles:
            what = f"the partner `{name}` has no roles"
            yield text.fault(("partners", place, "roles"), what, "at least one", "add one")
        bounds = item.get("boundaries")
        if isinstance(bounds, str) and bounds not in draft.area_set_ids:
            what = f"the boundaries `{bounds}` are not an area set of this place"
            mend = suggest_word(bounds, draft.area_set_ids)
            yield text.fault(
                ("partners", place, "boundaries"), what, "the id of a file in areas/", mend
            )


def _term_faults(draft: PlaceDraft) -> Iterator[Fault]:
    text = draft.texts.get("terms.yaml")
    listed = dig(text.data, "terms") if text is not None else None
    if text is None or not isinstance(listed, list):
        return
    seen: set[str] = set()
    for place, item in enumerate(listed):
        word = dig(item, "word")
        if isinstance(word, str):
            if word.lower() in seen:
                what = f"the term `{word}` is explained twice"
                yield text.fault(("terms", place, "word"), what, "each word once", "join the two")
            seen.add(word.lower())
        said = dig(item, "said_as")
        for partner in said if isinstance(said, dict) else ():
            if partner not in draft.partner_ids:
                yield text.fault(
                    ("terms", place, "said_as", partner),
                    f"`{partner}` is not a partner",
                    "the id of a partner in partners.yaml",
                    suggest_word(partner, draft.partner_ids),
                )
