from django.urls import path

from haitang.organizations import views

app_name = "organizations"
urlpatterns = [
    path("", views.organization_list, name="list"),
    path("tree/<str:hierarchy>/", views.organization_tree, name="tree"),
    path("create/", views.create, name="create"),
    path("<int:organization_id>/", views.organization, name="organization"),
    path("<int:organization_id>/change/", views.change, name="change"),
    path("<int:organization_id>/<str:what>/", views.deed, name="deed"),
    path("<int:organization_id>/<str:what>/<int:row_id>/end/", views.end, name="end"),
]
