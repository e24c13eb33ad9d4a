"""The page of needs and rules."""

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from wholeplace.partnership import Difference, describe_rule, diff_place
from wholeplace.partnership.definitions import Framework, Need
from wholeplace.web.gateway.routes import route
from wholeplace.web.gateway.wiring import current_place

__all__ = ["show_needs"]


@dataclass(frozen=True)
class NeedRow:
    """One need as this place uses it, with its departure, if there is one."""

    need: Need
    rule: str
    departure: Difference | None


@dataclass(frozen=True)
class HeadlineRow:
    """One headline with its needs, and those that the place does not use."""

    label: str
    needs: tuple[NeedRow, ...]
    dropped: tuple[Difference, ...]


@route(roles="signed-in", shows="operations")
def show_needs(request: HttpRequest) -> HttpResponse:
    """Show each adopted framework's needs, their rules, and where the place departs."""
    opened = current_place()
    differences = diff_place(opened.folder)
    frameworks = [
        {
            "framework": framework,
            "headlines": _headlines(framework, differences),
            "departures": [each for each in differences if each.framework == framework.id],
        }
        for framework in opened.place.frameworks
    ]
    return render(
        request,
        "partnership/needs.html",
        {"frameworks": frameworks, "place": opened.place.place},
    )


def _headlines(framework: Framework, differences: list[Difference]) -> list[HeadlineRow]:
    by_need = {each.need: each for each in differences if each.framework == framework.id}
    return [
        HeadlineRow(
            headline.label,
            tuple(
                NeedRow(need, describe_rule(need.rule), by_need.get(need.id))
                for need in headline.needs
            ),
            tuple(
                each
                for each in by_need.values()
                if each.kind == "dropped" and each.headline == headline.id
            ),
        )
        for headline in framework.headlines
    ]
