from django.urls import path

from haitang.people import views

app_name = "people"
urlpatterns = [
    path("me/", views.me, name="me"),
    path("me/notices/", views.notices, name="notices"),
    path("me/notices/<int:notice_id>/", views.notice, name="notice"),
    path("me/tokens/", views.own_token_create, name="own_token_create"),
    path("me/tokens/<int:token_id>/revoke/", views.own_token_revoke, name="own_token_revoke"),
    path("admin/people/", views.person_list, name="person_list"),
    path("admin/people/new/", views.person_create, name="person_create"),
    path("admin/people/<int:person_id>/", views.person, name="person"),
    path("admin/people/<int:person_id>/change/", views.person_change, name="person_change"),
    path("admin/people/<int:person_id>/appoint/", views.person_appoint, name="person_appoint"),
    path("admin/people/<int:person_id>/unmask/<str:field>/", views.person_unmask, name="person_unmask"),
    path("admin/people/<int:person_id>/dismiss/<int:holding_id>/", views.person_dismiss, name="person_dismiss"),
    path("admin/accounts/", views.account_list, name="account_list"),
    path("admin/accounts/new/", views.account_create, name="account_create"),
    path("admin/accounts/<int:account_id>/", views.account, name="account"),
    path("admin/accounts/<int:account_id>/off/", views.account_off, name="account_off"),
    path("admin/accounts/<int:account_id>/on/", views.account_on, name="account_on"),
    path("admin/accounts/<int:account_id>/password/", views.account_password, name="account_password"),
    path("admin/accounts/<int:account_id>/tokens/", views.account_token_create, name="account_token_create"),
    path(
        "admin/accounts/<int:account_id>/tokens/<int:token_id>/revoke/",
        views.account_token_revoke,
        name="account_token_revoke",
    ),
    path("admin/accounts/<int:account_id>/grant/", views.grant_give, name="grant_give"),
    path("admin/grants/", views.grant_list, name="grant_list"),
    path("admin/grants/<int:grant_id>/revoke/", views.grant_revoke, name="grant_revoke"),
    path("admin/history/", views.history, name="history"),
    path("admin/roles/", views.role_list, name="role_list"),
    path("admin/roles/new/", views.role_create, name="role_create"),
    path("admin/roles/<str:code>/", views.role_change, name="role_change"),
]
