from django.urls import path

from haitang.voting import views

app_name = "voting"
urlpatterns = [
    path("votes/", views.votes, name="votes"),
    path("votes/<int:vote_id>/", views.vote, name="vote"),
    path("votes/<int:vote_id>/ballot/", views.ballot, name="ballot"),
    path("votes/<int:vote_id>/register/", views.register, name="register"),
    path("votes/<int:vote_id>/find/", views.find, name="find"),
    path("votes/<int:vote_id>/vote.json", views.file_json, name="file_json"),
    path("votes/<int:vote_id>/vote.pb", views.file_pb, name="file_pb"),
    path("vote-desk/", views.desk, name="desk"),
    path("vote-desk/new/", views.vote_form, name="vote_new"),
    path("vote-desk/<int:vote_id>/", views.staff_vote, name="staff_vote"),
    path("vote-desk/<int:vote_id>/change/", views.vote_form, name="vote_change"),
    path("vote-desk/<int:vote_id>/roll/", views.roll, name="roll"),
    path("vote-desk/<int:vote_id>/roll/find/", views.look_up, name="look_up"),
    path("vote-desk/<int:vote_id>/codes/", views.codes, name="codes"),
    path("vote-desk/<int:vote_id>/count/", views.count, name="count"),
    path("vote-desk/<int:vote_id>/blanks/", views.blanks, name="blanks"),
    path("vote-desk/<int:vote_id>/paper/", views.paper, name="paper"),
    path("vote-desk/<int:vote_id>/paper/<int:sheet_id>/", views.paper, name="sheet"),
    path("vote-desk/<int:vote_id>/<slug:name>/", views.deed, name="deed"),
    path("vote-rolls/<int:entry_id>/<slug:name>/", views.entry_deed, name="entry_deed"),
    path("admin/vote-settings/", views.settings, name="settings"),
]
