from django.urls import path

from haitang.cases import views

app_name = "cases"
urlpatterns = [
    path("admin/case-settings/", views.settings, name="settings"),
    path("admin/categories/", views.categories, name="categories"),
    path("admin/categories/export/", views.catalog_export, name="catalog_export"),
    path("admin/categories/import/", views.catalog_import, name="catalog_import"),
    path("admin/categories/new/", views.category_new, name="category_new"),
    path("admin/categories/<int:category_id>/", views.category, name="category"),
    path("admin/categories/<int:category_id>/form/", views.category_form, name="category_form"),
    path("admin/phrases/", views.phrases, name="phrases"),
    path("admin/phrases/<int:phrase_id>/remove/", views.phrase_remove, name="phrase_remove"),
    path("admin/routes/", views.routes, name="routes"),
    path("admin/routes/new/", views.route_new, name="route_new"),
    path("admin/routes/<int:rule_id>/", views.route, name="route"),
    path("admin/routes/<int:rule_id>/<slug:what>/", views.route_change, name="route_change"),
    path("cases/", views.case_list, name="list"),
    path("cases/export/", views.export, name="export"),
    path("cases/new/", views.new, name="new"),
    path("cases/new/questions/", views.questions, name="questions"),
    path("cases/new/similar/", views.similar, name="similar"),
    path("cases/new/suggest/", views.suggest, name="suggest"),
    path("cases/todo/", views.todo, name="todo"),
    path("cases/done/", views.done, name="done"),
    path("cases/mine/", views.mine, name="mine"),
    path("cases/<int:case_id>/", views.case, name="case"),
    path("cases/<int:case_id>/contact/", views.unmask, name="unmask"),
    path("cases/<int:case_id>/correct/", views.correct, name="correct"),
    path("cases/<int:case_id>/photos/<int:photo_id>/", views.photo, name="photo"),
    path("cases/<int:case_id>/<slug:name>/", views.deed, name="deed"),
]
