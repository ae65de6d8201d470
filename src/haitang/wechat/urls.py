from django.urls import path

from haitang.wechat import views

app_name = "wechat"
urlpatterns = [
    path("wechat/messages", views.messages, name="messages"),
    path("admin/wechat/", views.account, name="account"),
    path("admin/wechat/rules/", views.rules, name="rules"),
]
