from django.urls import path

from haitang.indicators import views

app_name = "indicators"
urlpatterns = [
    path("admin/indicators/", views.formulas, name="formulas"),
    path("admin/indicators/given/", views.given, name="given"),
    path("admin/indicators/<slug:set_code>/<slug:code>/", views.formula, name="formula"),
    path("exclusions/", views.exclusions, name="exclusions"),
    path("exclusions/<int:exclusion_id>/", views.exclusion, name="exclusion"),
    path("exclusions/<int:exclusion_id>/photos/<int:photo_id>/", views.evidence, name="evidence"),
    path("cases/<int:case_id>/exclude/new/", views.exclusion_new, name="exclusion_new"),
    path("indicators/", views.table, name="table"),
    path("indicators/export/", views.export, name="export"),
    path("indicators/organizations/", views.desks, name="desks"),
    path("indicators/organizations/cases/", views.desk_cases, name="desk_cases"),
    path("indicators/organizations/export/", views.desks_export, name="desks_export"),
    path("indicators/organizations/explain/<slug:indicator>/", views.desk_explanation, name="desk_explanation"),
    path("indicators/explain/<slug:indicator>/", views.explanation, name="explanation"),
]
