"""Django's entry for places."""

from django.apps import AppConfig

__all__ = ["PlacesConfig"]


class PlacesConfig(AppConfig):
    """Places."""

    name = "wholeplace.web.places"
    label = "places"

    def ready(self) -> None:
        """Offer the tables of places through the airlock, and the patchwork on the person page."""
        from wholeplace.web.gateway.panels import register_panel
        from wholeplace.web.gateway.reports import register_report
        from wholeplace.web.places.area_reports import AreaProfileReport, ConvertedFiguresReport
        from wholeplace.web.places.patchwork import PatchworkPanel
        from wholeplace.web.places.reports import NeedsByAreaReport

        for report in (NeedsByAreaReport(), ConvertedFiguresReport(), AreaProfileReport()):
            register_report(report)
        register_panel(PatchworkPanel())
