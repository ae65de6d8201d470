from django.urls import path

from haitang.office import views

app_name = "office"
urlpatterns = [
    path("cases/batch/", views.batch, name="batch"),
    path("cases/watched/", views.watched, name="watched"),
    path("cases/filters/save/", views.filter_save, name="filter_save"),
    path("cases/filters/<int:filter_id>/pin/", views.filter_pin, name="filter_pin"),
    path("cases/filters/<int:filter_id>/remove/", views.filter_remove, name="filter_remove"),
    path("cases/phrases/", views.phrases, name="phrases"),
    path("cases/phrases/<int:phrase_id>/remove/", views.phrase_remove, name="phrase_remove"),
    path("office/handover/", views.handover, name="handover"),
    path("whistles/<int:whistle_id>/sheet/", views.whistle_sheet, name="whistle_sheet"),
    path("whistles/<int:whistle_id>/sheet.docx", views.whistle_docx, name="whistle_docx"),
    path("office/imports/", views.uploads, name="uploads"),
    path("office/imports/feedback/", views.feedback, name="feedback"),
    path("office/imports/template.xlsx", views.upload_template, name="upload_template"),
    path("office/imports/<int:upload_id>/", views.upload, name="upload"),
    path("office/imports/<int:upload_id>/confirm/", views.upload_confirm, name="upload_confirm"),
    path("office/imports/<int:upload_id>/result.csv", views.upload_result, name="upload_result"),
    path("admin/hotline-layouts/", views.layouts, name="layouts"),
    path("admin/hotline-layouts/new/", views.layout_new, name="layout_new"),
    path("admin/hotline-layouts/<slug:code>/", views.layout, name="layout"),
    path("office/deputies/", views.deputies, name="deputies"),
    path("office/deputies/<int:delegation_id>/end/", views.deputy_end, name="deputy_end"),
    path("office/deputies/act/<int:account_id>/", views.act, name="act"),
    path("office/deputies/act/end/", views.act_end, name="act_end"),
    path("cases/<int:case_id>/sheet/<slug:kind>/", views.sheet, name="sheet"),
    path("cases/<int:case_id>/sheet/<slug:kind>.docx", views.sheet_docx, name="sheet_docx"),
    path("cases/<int:case_id>/watch/", views.watch, name="watch"),
    path("cases/<int:case_id>/unwatch/", views.unwatch, name="unwatch"),
]
