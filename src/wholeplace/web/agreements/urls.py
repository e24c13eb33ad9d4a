"""Addresses of the agreements pages."""

from django.urls import path

from wholeplace.web.agreements import (
    dpia,
    drafting_views,
    formats,
    gateways,
    review_views,
    signing_views,
    starting_views,
    views,
)

__all__ = ["app_name", "urlpatterns"]

app_name = "agreements"
_DRAFT = "drafts/<slug:draft_id>/"
_ONE = "<slug:agreement_id>/"

urlpatterns = [
    path("", views.list_agreements, name="list"),
    path("matrix/", views.show_matrix, name="matrix"),
    path("law/", gateways.show_gateways, name="gateways"),
    path("dpias/", dpia.list_dpias, name="dpias"),
    path("dpias/<slug:dpia_ref>/", dpia.show_dpia, name="dpia"),
    path("new/", starting_views.start, name="start"),
    path("new/file/", starting_views.start_from_file, name="start-from-file"),
    path(_DRAFT, review_views.show_draft, name="draft"),
    path(f"{_DRAFT}about/", drafting_views.edit_about, name="draft-about"),
    path(f"{_DRAFT}parties/add/", drafting_views.edit_party, name="draft-party-add"),
    path(f"{_DRAFT}parties/<int:place>/", drafting_views.edit_party, name="draft-party"),
    path(f"{_DRAFT}clauses/add/", drafting_views.edit_clause, name="draft-clause-add"),
    path(f"{_DRAFT}clauses/<int:place>/", drafting_views.edit_clause, name="draft-clause"),
    path(f"{_DRAFT}arrange/", drafting_views.arrange_items, name="draft-arrange"),
    path(f"{_DRAFT}comment/", review_views.comment, name="draft-comment"),
    path(f"{_DRAFT}resolve/", review_views.resolve, name="draft-resolve"),
    path(f"{_DRAFT}move/", review_views.move, name="draft-move"),
    path(f"{_DRAFT}text/", review_views.read_draft, name="draft-text"),
    path(f"{_DRAFT}changes/", review_views.compare_draft, name="draft-changes"),
    path(f"{_DRAFT}preview/", review_views.preview_draft, name="draft-preview"),
    path(f"{_DRAFT}versions/", drafting_views.versions, name="draft-versions"),
    path(f"{_DRAFT}file/", drafting_views.draft_file, name="draft-file"),
    path(_ONE, views.show_agreement, name="show"),
    path(f"{_ONE}dpia/", dpia.show_dpia_of, name="dpia-of"),
    path(f"{_ONE}odrl/", formats.download_odrl, name="odrl"),
    path(f"{_ONE}text-file/", formats.download_text, name="text-file"),
    path(f"{_ONE}annex-b/", formats.show_annex_b, name="annex-b"),
    path(f"{_ONE}text/", signing_views.read_fixed, name="text"),
    path(f"{_ONE}changes/", signing_views.compare_fixed, name="changes"),
    path(f"{_ONE}preview/", signing_views.preview_fixed, name="preview"),
    path(f"{_ONE}history/", signing_views.history, name="history"),
    path(f"{_ONE}sign/", signing_views.sign, name="sign"),
    path(f"{_ONE}decline/", signing_views.decline, name="decline"),
    path(f"{_ONE}suspend/", signing_views.suspend, name="suspend"),
    path(f"{_ONE}notice/", signing_views.notice, name="notice"),
    path(f"{_ONE}act/", signing_views.act, name="act"),
    path(f"{_ONE}renew/", starting_views.renew, name="renew"),
]
