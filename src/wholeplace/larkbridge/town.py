"""Building the town: people it, let things happen, let partners write them down."""

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from wholeplace.foundation.errors import UnsafeActionError, WholeplaceError
from wholeplace.larkbridge.areas import write_areas
from wholeplace.larkbridge.definitions import DATASETS, place_source, read_rates
from wholeplace.larkbridge.extracts import WrittenFile, write_extract
from wholeplace.larkbridge.happenings import families, health, homes, money, police, schools
from wholeplace.larkbridge.listings import date_listings
from wholeplace.larkbridge.people import Household, World
from wholeplace.larkbridge.population import people_town
from wholeplace.larkbridge.pressures import Burden, draw_burdens
from wholeplace.larkbridge.programme import Programme
from wholeplace.larkbridge.published import write_published
from wholeplace.larkbridge.registers import make_extracts
from wholeplace.larkbridge.story import Story
from wholeplace.larkbridge.truth import write_truth

__all__ = ["TownReport", "build_town"]

_FEWEST = 200
_BURDENS: dict[str, Callable[[Story, Household, dt.date, dt.date | None], None]] = {
    "good-education": schools.trouble_at_school,
    "early-years": health.fall_behind,
    "health": health.ail,
    "substance-use": health.treat_substances,
    "family-relationships": families.fall_out,
    "safe-from-harm": families.harm_children,
    "crime": police.offend,
    "domestic-abuse": police.abuse_at_home,
    "secure-housing": homes.lose_footing,
    "financial-stability": money.go_short,
}


@dataclass(frozen=True)
class TownReport:
    """What was built.

    Attributes:
        place: the place folder.
        data: the data folder, with the inbox.
        truth: the folder of the truth.
        people: everybody who lived in the town in the three years.
        rows: rows written, by dataset.
        errors: how often each kind of error was made, by dataset, with `registrations`.
    """

    place: Path
    data: Path
    truth: Path
    residents: int
    people: int
    households: int
    as_of: dt.date
    files: int
    rows: dict[str, int]
    bad_rows: int
    errors: dict[str, dict[str, int]]


def build_town(
    folder: Path,
    *,
    residents: int = 20000,
    seed: int = 7,
    as_of: dt.date | None = None,
    progress: Callable[[str], None] | None = None,
) -> TownReport:
    """Write Larkbridge: `larkbridge/`, `larkbridge-data/inbox/` and `truth/` under a folder.

    Equal residents, seed and as_of give equal bytes.

    Args:
        folder: where to write; the three folders must not be there yet.
        residents: people who live there on the last day.
        seed: which of all possible towns.
        as_of: the day after the last event; today when absent.
        progress: told each step in a few words.

    Raises:
        WholeplaceError: if residents are too few for the cast and every kind of event.
        UnsafeActionError: if one of the folders exists.
    """
    say = progress or (lambda _: None)
    day = as_of or dt.datetime.now(tz=dt.UTC).date()
    _check(folder, residents)
    say("peopling the town")
    from wholeplace.larkbridge.planting import act_cast, settle_cast

    world = people_town(residents, seed, _three_years_before(day), day, settle_cast)
    say("living three years")
    story, programme = _live(world)
    act_cast(story)
    say("writing extracts")
    written, errors = _write_extracts(story, folder / "larkbridge-data" / "inbox", say)
    say("writing the place folder and the truth")
    shutil.copytree(
        place_source(), folder / "larkbridge", ignore=shutil.ignore_patterns("__pycache__")
    )
    write_areas(folder / "larkbridge" / "areas", world.dwellings)
    write_published(folder / "larkbridge" / "indicators", world.dwellings, day)
    date_listings(folder / "larkbridge" / "directory", world.as_of)
    write_truth(folder / "truth", world, written, programme.truth(), errors)
    return _report(folder, world, written, errors)


def _three_years_before(day: dt.date) -> dt.date:
    return (
        day.replace(year=day.year - 3, day=28)
        if (day.month, day.day) == (2, 29)
        else day.replace(year=day.year - 3)
    )


def _check(folder: Path, residents: int) -> None:
    if residents < _FEWEST:
        raise WholeplaceError(
            f"A town of {residents} residents was not built.",
            "Its named families and every kind of event need more people.",
            f"Ask for {_FEWEST} residents or more.",
        )
    for name in ("larkbridge", "larkbridge-data", "truth"):
        if (folder / name).exists():
            raise UnsafeActionError(
                f"The town was not built: {folder / name} is there already.",
                "Building would mix two towns or lose one.",
                "Remove it or choose another folder.",
            )


def _live(world: World) -> tuple[Story, Programme]:
    story = Story(world)
    burdens: list[Burden] = draw_burdens(story)
    programme = Programme(story)
    programme.choose(story, burdens)
    for home, headline, since, until in burdens:
        _BURDENS[headline](story, home, since, until)
    homes.sheltered(story)
    _flag(story)
    schools.go_to_school(story, programme)
    health.check_development(story)
    families.help_families(story, programme)
    families.care_for_adults(story)
    police.pass_by(story)
    homes.rent(story, programme)
    money.look_for_work(story)
    return story, programme


def _flag(story: Story) -> None:
    """Seal, restrict and opt out a few people, the cast apart."""
    rates, rng = read_rates(), story.rng
    in_care = {each[2].id for each in story.rows["children-social-care"]}
    for person in story.world.people:
        if person.cast:
            continue
        if rng.random() < rates.among_people("national_opt_out"):
            person.flags.add("national-opt-out")
        if person.id in in_care:
            if rng.random() < rates.among_people("sealed"):
                person.flags.add("sealed")
            elif rng.random() < rates.among_people("restricted"):
                person.flags.add("restricted")
        if person.pressures and rng.random() < rates.among_people("objection"):
            person.flags.add("objection")


def _write_extracts(
    story: Story, inbox: Path, say: Callable[[str], None]
) -> tuple[list[WrittenFile], dict[str, dict[str, int]]]:
    written: list[WrittenFile] = []
    errors: dict[str, dict[str, int]] = {}
    for dataset in DATASETS:
        say(f"writing {dataset}")
        extracts, made = make_extracts(story, dataset)
        errors[dataset] = dict(sorted(made.items()))
        for index, extract in enumerate(extracts):
            rng = Random(f"faults {dataset} {index} {story.world.seed} {story.world.residents}")  # noqa: S311
            written.append(write_extract(inbox, extract, rng))
    return written, errors


def _report(
    folder: Path, world: World, written: list[WrittenFile], errors: dict[str, dict[str, int]]
) -> TownReport:
    rows: dict[str, int] = {}
    for each in written:
        rows[each.dataset] = rows.get(each.dataset, 0) + len(each.people)
    return TownReport(
        folder / "larkbridge", folder / "larkbridge-data", folder / "truth", world.residents, len(world.people),
        len(world.households), world.as_of, len(written), rows, sum(len(each.bad) for each in written), errors,
    )  # fmt: skip
