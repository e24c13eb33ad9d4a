"""Addresses of the pages of money."""

from django.urls import path

from wholeplace.web.money import case_views, deal_views, pool_views, spend_views, views

__all__ = ["app_name", "urlpatterns"]

app_name = "money"
urlpatterns = [
    path("", views.funds, name="funds"),
    path("funds/<slug:fund_id>/", views.renewal, name="renewal"),
    path("unit-costs/", views.unit_costs, name="unit-costs"),
    path("unit-costs/<slug:cost_id>/", views.unit_cost, name="unit-cost"),
    path("published/", views.published, name="published"),
    path("cases/", case_views.list_cases, name="cases"),
    path("cases/new/", case_views.new_case, name="new-case"),
    path("cases/<slug:business_case_id>/", case_views.show_case, name="case"),
    path("cases/<slug:business_case_id>/figures/", case_views.edit_figures, name="figures"),
    path("cases/<slug:business_case_id>/measure/", case_views.measure, name="measure"),
    path("cases/<slug:business_case_id>/step/", case_views.case_step, name="case-step"),
    path("cases/<slug:business_case_id>/sheet/", case_views.sheet, name="sheet"),
    path("cases/<slug:business_case_id>/agreement/", deal_views.draft, name="draft-deal"),
    path("agreements/", deal_views.list_deals, name="deals"),
    path("agreements/<slug:deal_id>/", deal_views.show_deal, name="deal"),
    path("agreements/<slug:deal_id>/words/", deal_views.edit_deal, name="deal-words"),
    path("agreements/<slug:deal_id>/step/", deal_views.deal_step, name="deal-step"),
    path("agreements/<slug:deal_id>/sign/", deal_views.sign, name="sign-deal"),
    path("pools/", pool_views.list_pools, name="pools"),
    path("pools/<slug:pool_id>/", pool_views.show_pool, name="pool"),
    path("pools/<slug:pool_id>/enter/", pool_views.enter, name="enter"),
    path(
        "pools/<slug:pool_id>/take-back/<int:entry_number>/", pool_views.take_back, name="take-back"
    ),
    path("spending/", spend_views.spending, name="spending"),
    path("spending/import/", spend_views.import_file, name="import-budget"),
]
