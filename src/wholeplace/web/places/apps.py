"""Django's entry for places."""

from django.apps import AppConfig

__all__ = ["PlacesConfig"]


class PlacesConfig(AppConfig):
    """Places."""

    name = "wholeplace.web.places"
    label = "places"

    def ready(self) -> None:
        """Offer the tables of places through the airlock."""
        from wholeplace.web.gateway.reports import register_report
        from wholeplace.web.places.area_reports import AreaProfileReport, ConvertedFiguresReport
        from wholeplace.web.places.reports import NeedsByAreaReport

        for report in (NeedsByAreaReport(), ConvertedFiguresReport(), AreaProfileReport()):
            register_report(report)
