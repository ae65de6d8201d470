from django.urls import path

from haitang.opinions import views

app_name = "opinions"
urlpatterns = [
    path("conversations/", views.conversations, name="conversations"),
    path("conversations/<int:conversation_id>/", views.conversation, name="conversation"),
    path("conversations/<int:conversation_id>/answer/", views.answer, name="answer"),
    path("conversations/<int:conversation_id>/say/", views.say, name="say"),
    path("conversations/<int:conversation_id>/mine/", views.mine, name="mine"),
    path("conversations/<int:conversation_id>/results/", views.results, name="results"),
    path("conversations/<int:conversation_id>/votes.csv", views.votes, name="votes"),
    path("conversation-desk/", views.desk, name="desk"),
    path("conversation-desk/new/", views.desk_new, name="desk_new"),
    path("conversation-desk/<int:conversation_id>/", views.desk_conversation, name="desk_conversation"),
    path("conversation-desk/<int:conversation_id>/change/", views.desk_change, name="desk_change"),
    path("conversation-desk/<int:conversation_id>/sheet/", views.sheet, name="sheet"),
    path("conversation-desk/<int:conversation_id>/statements/<int:statement_id>/", views.moderate, name="moderate"),
    path("conversation-desk/<int:conversation_id>/<slug:name>/", views.desk_deed, name="desk_deed"),
    path("admin/opinion-settings/", views.settings, name="settings"),
]
