from django.urls import path

from haitang.surveys import views

app_name = "surveys"
urlpatterns = [
    path("surveys/", views.surveys, name="surveys"),
    path("surveys/answer/", views.answer, name="answer"),
    path("surveys/thanks/", views.thanks, name="thanks"),
    path("surveys/<int:survey_id>/", views.public_survey, name="public_survey"),
    path("surveys/<int:survey_id>/fill/", views.fill, name="fill"),
    path("survey-desk/", views.desk, name="desk"),
    path("survey-desk/new/", views.new, name="new"),
    path("survey-desk/<int:survey_id>/", views.survey, name="survey"),
    path("survey-desk/<int:survey_id>/change/", views.change, name="change"),
    path("survey-desk/<int:survey_id>/try/", views.try_out, name="try_out"),
    path("survey-desk/<int:survey_id>/codes/", views.codes, name="codes"),
    path("survey-desk/<int:survey_id>/qr.svg", views.qr_code, name="qr_code"),
    path("survey-desk/<int:survey_id>/enter/", views.enter, name="enter"),
    path("survey-desk/<int:survey_id>/export/", views.export, name="export"),
    path("survey-desk/<int:survey_id>/repeat/", views.repeat, name="repeat"),
    path("survey-desk/<int:survey_id>/<slug:name>/", views.deed, name="deed"),
    path("survey-reviews/", views.reviews, name="reviews"),
    path("survey-reviews/<int:review_id>/", views.review, name="review"),
    path("survey-reviews/<int:review_id>/measures/", views.measures, name="measures"),
    path("survey-reviews/<int:review_id>/report/", views.report, name="report"),
    path("admin/survey-settings/", views.settings, name="settings"),
]
