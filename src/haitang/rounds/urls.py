from django.urls import path

from haitang.rounds import views

app_name = "rounds"
urlpatterns = [
    path("rounds/", views.rounds, name="rounds"),
    path("rounds/mine/", views.mine, name="mine"),
    path("rounds/council/", views.council, name="council"),
    path("rounds/council/<int:sitting_id>/", views.own_sitting, name="own_sitting"),
    path("rounds/<int:round_id>/", views.public_round, name="round"),
    path("rounds/<int:round_id>/propose/", views.propose, name="propose"),
    path("rounds/<int:round_id>/propose/place/", views.propose_place, name="propose_place"),
    path("rounds/<int:round_id>/propose/contact/", views.propose_contact, name="propose_contact"),
    path("rounds/pots/<int:pot_id>/", views.outcome, name="outcome"),
    path("proposals/<int:proposal_id>/", views.proposal, name="proposal"),
    path("proposals/<int:proposal_id>/photos/<int:photo_id>/", views.photo, name="photo"),
    path("proposals/<int:proposal_id>/<slug:name>/", views.own_deed, name="own_deed"),
    path("round-desk/", views.desk, name="desk"),
    path("round-desk/new/", views.round_form, name="round_new"),
    path("round-desk/<int:round_id>/", views.staff_round, name="staff_round"),
    path("round-desk/<int:round_id>/change/", views.round_form, name="round_change"),
    path("round-desk/<int:round_id>/enter/", views.enter, name="enter"),
    path("round-desk/<int:round_id>/import/", views.take_over, name="import"),
    path("round-desk/<int:round_id>/<slug:name>/", views.round_deed, name="round_deed"),
    path("round-pots/<int:pot_id>/sittings/new/", views.sitting_new, name="sitting_new"),
    path("round-pots/<int:pot_id>/<slug:name>/", views.pot_deed, name="pot_deed"),
    path("round-sittings/<int:sitting_id>/", views.sitting, name="sitting"),
    path("round-sittings/<int:sitting_id>/<slug:name>/", views.sitting_deed, name="sitting_deed"),
    path("round-proposals/<int:proposal_id>/", views.staff_proposal, name="staff_proposal"),
    path("round-proposals/<int:proposal_id>/<slug:name>/", views.staff_deed, name="staff_deed"),
    path("round-mergers/<int:merger_id>/<slug:name>/", views.merger_deed, name="merger_deed"),
    path("round-remarks/<int:remark_id>/answer/", views.remark_answer, name="remark_answer"),
    path("admin/round-settings/", views.settings, name="settings"),
    path("admin/round-settings/clauses/", views.clause, name="clause"),
]
