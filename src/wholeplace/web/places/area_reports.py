"""Converted figures and area profiles as reports that may leave through the airlock."""

from collections.abc import Mapping, Sequence

from wholeplace.agreements import Viewer
from wholeplace.foundation.errors import NotFoundError
from wholeplace.foundation.sheet import Cell, Sheet
from wholeplace.places import WITH_NEED
from wholeplace.web.gateway.reports import MadeReport, ReportChoice
from wholeplace.web.gateway.wiring import current_place
from wholeplace.web.places.counts import rate_per_1000, read_needs
from wholeplace.web.places.figures import Chosen, choose_figure, figure_options, read_figure
from wholeplace.web.places.ground import ground_of
from wholeplace.web.places.profiles import figures_of_area
from wholeplace.web.places.rights import read_rights

__all__ = ["AreaProfileReport", "ConvertedFiguresReport"]


class ConvertedFiguresReport:
    """One figure in one set of boundaries, converted from another, with its range."""

    id = "converted-figures"
    title = "A figure in other boundaries"

    def choices(self, viewer: Viewer) -> Sequence[ReportChoice]:
        """Return the figures and boundaries that the viewer may choose."""
        served = current_place()
        rights, ground = read_rights(served, viewer), ground_of(served)
        if rights.why:
            return ()
        figures = [each for _, listed in figure_options(rights, ground) for each in listed]
        sets = tuple((name, each.title) for name, each in ground.sets.items())
        return (
            ReportChoice("figure", "Figure", tuple(figures)),
            ReportChoice("areas", "Show it in", sets),
            ReportChoice("from", "Converted from", sets),
        )

    def why_not(self, viewer: Viewer, chosen: Mapping[str, str]) -> str:
        """Return why agreements do not let the viewer have it now."""
        served = current_place()
        rights = read_rights(served, viewer)
        if rights.why:
            return rights.why
        found = choose_figure(chosen.get("figure", ""), rights, ground_of(served))
        return "" if found is not None else "This figure may not be counted for you now."

    def make(self, viewer: Viewer, chosen: Mapping[str, str]) -> MadeReport:
        """Return the same figures as stand on the page."""
        served = current_place()
        rights, ground = read_rights(served, viewer), ground_of(served)
        figure = choose_figure(chosen.get("figure", ""), rights, ground)
        areas = chosen.get("areas", "")
        source = (figure.own_set if figure else None) or chosen.get("from", "")
        if figure is None or rights.why or areas not in ground.sets or source not in ground.sets:
            raise _no_such_report()
        table = read_figure(served, viewer.organisation, ground, figure, areas, source)
        words = f"{figure.title}, {ground.sets[areas].title}"
        if table.converted_from:
            words += f", converted from {ground.sets[table.converted_from].title}"
        notes = (
            "A converted figure was shared out by where people live; low and high are the ends of "
            "the range in which the true figure very likely lies.",
            table.note,
            f"Source: {table.source}",
        )
        rows: list[tuple[Cell, ...]] = [
            (
                row.code,
                row.name,
                row.counted,
                row.figure.value if row.figure else None,
                row.figure.low if row.figure else None,
                row.figure.high if row.figure else None,
                row.figure.how if row.figure else "counted",
                row.rate,
            )
            for row in table.rows
        ]
        columns = ("Code", "Area", "Counted", "Converted", "Low", "High", "How", table.per)
        return MadeReport(
            Sheet(words, notes, columns, tuple(rows), (), table.tables),
            _clauses(figure, rights.clauses),
            served.snapshot_reader.snapshot.id,
            words,
        )


class AreaProfileReport:
    """Everything that an area's profile shows."""

    id = "area-profile"
    title = "Profile of an area"

    def choices(self, viewer: Viewer) -> Sequence[ReportChoice]:
        """Return the areas of every set."""
        served = current_place()
        if read_rights(served, viewer).why:
            return ()
        ground = ground_of(served)
        options = tuple(
            (f"{name}/{code}", f"{area}, {each.title}")
            for name, each in ground.sets.items()
            for code, area in ground.names[name].items()
        )
        return (ReportChoice("area", "Area", options),)

    def why_not(self, viewer: Viewer, chosen: Mapping[str, str]) -> str:
        """Return why agreements do not let the viewer have it now."""
        return read_rights(current_place(), viewer).why

    def make(self, viewer: Viewer, chosen: Mapping[str, str]) -> MadeReport:
        """Return the same figures as stand on the profile."""
        served = current_place()
        rights, ground = read_rights(served, viewer), ground_of(served)
        areas, _, code = chosen.get("area", "").partition("/")
        if rights.why or areas not in ground.sets or code not in ground.names[areas]:
            raise _no_such_report()
        rows: list[tuple[Cell, ...]] = [
            (each.title, each.count, each.value, each.place, each.how, each.likely, each.per)
            for each in figures_of_area(ground, areas, code)[0]
        ]
        tables = []
        for right in rights.needs:
            if right.state == "no":
                continue
            found = read_needs(served, viewer.organisation, areas, right.framework, right.need)
            table = found.table
            tables.append(table)
            people, residents = table.count(code, WITH_NEED), table.row_total(code)
            whole = rate_per_1000(table.column_total(WITH_NEED), table.total)
            rows.append(
                (
                    right.label,
                    people.shown if people.is_shown else str(people),
                    rate_per_1000(people, residents),
                    whole,
                    "counted",
                    "",
                    "per 1,000 residents",
                )
            )
        words = f"{ground.names[areas][code]}, {ground.sets[areas].title}"
        notes = ("Needs are rounded, and small counts are not shown; rates are made from those.",)
        columns = ("Figure", "Number", "Here", "Whole place", "How", "Likely range", "Per")
        sheet = Sheet(words, notes, columns, tuple(rows), (), tuple(tables))
        return MadeReport(sheet, rights.clauses, served.snapshot_reader.snapshot.id, words)


def _clauses(figure: Chosen, clauses: tuple[str, ...]) -> tuple[str, ...]:
    return clauses if figure.need is not None else ()


def _no_such_report() -> NotFoundError:
    return NotFoundError(
        "The table was not made.",
        "There is no such figure, area or boundary for you.",
        "Choose from the lists.",
    )
