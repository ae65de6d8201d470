from django.urls import path

from haitang.wishes import views

app_name = "wishes"
urlpatterns = [
    path("wishes/", views.wall, name="wall"),
    path("wishes/<int:wish_id>/", views.public_wish, name="public_wish"),
    path("wishes/<int:wish_id>/claim/", views.claim_wish, name="claim_wish"),
    path("my-wishes/", views.my_wishes, name="my_wishes"),
    path("my-wishes/new/", views.my_wish_new, name="my_wish_new"),
    path("my-wishes/<int:wish_id>/", views.my_wish, name="my_wish"),
    path("my-wishes/<int:wish_id>/change/", views.my_wish_change, name="my_wish_change"),
    path("my-wishes/<int:wish_id>/<slug:name>/", views.my_wish_deed, name="my_wish_deed"),
    path("wish-claims/", views.claims, name="claims"),
    path("wish-claims/<int:claim_id>/", views.claim, name="claim"),
    path("wish-claims/<int:claim_id>/contact/", views.claim_contact, name="claim_contact"),
    path("wish-claims/<int:claim_id>/<slug:name>/", views.claim_deed, name="claim_deed"),
    path("wish-desk/", views.desk, name="desk"),
    path("wish-desk/new/", views.wish_new, name="wish_new"),
    path("wish-desk/export/", views.export, name="export"),
    path("wish-desk/bring/", views.bring, name="bring"),
    path("wish-desk/template/", views.template, name="template"),
    path("wish-desk/<int:wish_id>/", views.wish, name="wish"),
    path("wish-desk/<int:wish_id>/change/", views.wish_change, name="wish_change"),
    path("wish-desk/<int:wish_id>/contact/", views.wish_contact, name="wish_contact"),
    path("wish-desk/<int:wish_id>/<slug:name>/", views.wish_deed, name="wish_deed"),
    path("admin/wish-settings/", views.settings, name="settings"),
]
