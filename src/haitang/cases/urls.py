from django.urls import path

from haitang.cases import views

app_name = "cases"
urlpatterns = [
    path("cases/", views.case_list, name="list"),
    path("cases/export/", views.export, name="export"),
    path("cases/new/", views.new, name="new"),
    path("cases/new/similar/", views.similar, name="similar"),
    path("cases/new/suggest/", views.suggest, name="suggest"),
    path("cases/todo/", views.todo, name="todo"),
    path("cases/done/", views.done, name="done"),
    path("cases/mine/", views.mine, name="mine"),
    path("cases/<int:case_id>/", views.case, name="case"),
    path("cases/<int:case_id>/contact/", views.unmask, name="unmask"),
    path("cases/<int:case_id>/photos/<int:photo_id>/", views.photo, name="photo"),
    path("cases/<int:case_id>/<slug:name>/", views.deed, name="deed"),
]
