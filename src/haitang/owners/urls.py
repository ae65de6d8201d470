from django.urls import path

from haitang.owners import views

app_name = "owners"
urlpatterns = [
    path("owners/", views.decisions, name="decisions"),
    path("owners/vote/", views.enter, name="enter"),
    path("owners/mine/<int:entry_id>/", views.mine, name="mine"),
    path("owners/mine/<int:entry_id>/object/", views.object_to, name="object_to"),
    path("owners/<int:decision_id>/", views.decision, name="decision"),
    path("owners/<int:decision_id>/result.docx", views.result, name="result"),
    path("estates/", views.estates, name="estates"),
    path("estates/new/", views.estate_new, name="estate_new"),
    path("estates/template/", views.template, name="template"),
    path("estates/<int:estate_id>/", views.estate, name="estate"),
    path("estates/<int:estate_id>/change/", views.estate_change, name="estate_change"),
    path("estates/<int:estate_id>/bring/", views.bring, name="bring"),
    path("estates/<int:estate_id>/units/", views.units, name="units"),
    path("estates/<int:estate_id>/decide/", views.decision_new, name="decision_new"),
    path("estates/<int:estate_id>/<slug:name>/<int:about_id>/", views.estate_deed, name="estate_deed"),
    path("unit-owners/<int:owner_id>/", views.owner, name="owner"),
    path("unit-owners/<int:owner_id>/unmask/", views.owner_unmask, name="owner_unmask"),
    path("unit-owners/<int:owner_id>/tie/", views.owner_tie, name="owner_tie"),
    path("owner-votes/", views.desk, name="desk"),
    path("owner-votes/<int:decision_id>/", views.vote, name="vote"),
    path("owner-votes/<int:decision_id>/change/", views.decision_change, name="decision_change"),
    path("owner-votes/<int:decision_id>/roll/", views.roll, name="roll"),
    path("owner-votes/<int:decision_id>/codes/", views.codes, name="codes"),
    path("owner-votes/<int:decision_id>/ballots/", views.ballots, name="ballots"),
    path("owner-votes/<int:decision_id>/paper/<int:entry_id>/", views.paper, name="paper"),
    path("owner-votes/<int:decision_id>/objections/<int:objection_id>/", views.settle, name="settle"),
    path("owner-votes/<int:decision_id>/<slug:name>/", views.vote_deed, name="vote_deed"),
    path("admin/owners-settings/", views.settings, name="settings"),
]
