"""Addresses of the directory. No address holds what somebody typed."""

from django.urls import path

from wholeplace.web.directory import api, balance, choosing, help, keeping  # noqa: A004

__all__ = ["app_name", "urlpatterns"]

app_name = "directory"

urlpatterns = [
    path("help/", help.find, name="find"),
    path("help/topic/<slug:topic_id>/", help.topic, name="topic"),
    path("help/service/<str:service_id>/", help.service, name="service"),
    path("directory/", keeping.mine, name="mine"),
    path("directory/service/<str:service_id>/capacity/", keeping.set_capacity, name="capacity"),
    path("directory/choose/", choosing.choose, name="choose"),
    path("directory/doubles/", keeping.doubles, name="doubles"),
    path("directory/doubles/<int:pair_id>/", keeping.double, name="double"),
    path("directory/feeds/", keeping.feeds, name="feeds"),
    path("directory/supply/", balance.supply, name="supply"),
    path("o/", api.about, name="o-about"),
    path("o/openapi.json", api.describe, name="o-openapi"),
    path("o/services", api.get_list, {"kind": "services"}, name="o-services"),
    path("o/services/<path:thing_id>", api.get_one, {"kind": "services"}, name="o-service"),
    path("o/taxonomies", api.get_list, {"kind": "taxonomies"}, name="o-taxonomies"),
    path("o/taxonomies/<path:thing_id>", api.get_one, {"kind": "taxonomies"}, name="o-taxonomy"),
    path("o/taxonomy_terms", api.get_list, {"kind": "taxonomy_terms"}, name="o-terms"),
    path(
        "o/taxonomy_terms/<path:thing_id>", api.get_one, {"kind": "taxonomy_terms"}, name="o-term"
    ),
    path(
        "o/service_at_locations",
        api.get_list,
        {"kind": "service_at_locations"},
        name="o-places",
    ),
    path(
        "o/service_at_locations/<path:thing_id>",
        api.get_one,
        {"kind": "service_at_locations"},
        name="o-place",
    ),
    path("o/<path:rest>", api.nothing_here, name="o-nothing"),
]
