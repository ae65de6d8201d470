from django.urls import path

from haitang.points import views

app_name = "points"
urlpatterns = [
    path("me/points/", views.mine, name="mine"),
    path("me/points/statement/", views.statement, name="statement"),
    path("me/points/agree/", views.agree, name="agree"),
    path("me/points/leave/", views.leave, name="leave"),
    path("me/points/order/<int:reward_id>/", views.order, name="order"),
    path("me/points/cancel/<int:redemption_id>/", views.cancel, name="cancel"),
    path("points/hand/", views.hand, name="hand"),
    path("admin/points/", views.admin, name="admin"),
    path("admin/points/rules/", views.rule, name="rule"),
    path("admin/points/rewards/new/", views.reward, name="reward_new"),
    path("admin/points/rewards/<int:reward_id>/", views.reward, name="reward"),
]
