from django.urls import path

from haitang.projects import views

app_name = "projects"
urlpatterns = [
    path("admin/project-settings/", views.settings, name="settings"),
    path("open/projects/", views.public, name="public"),
    path("open/projects/evaluate/", views.evaluate, name="evaluate"),
    path("open/projects/<int:project_id>/", views.public_project, name="public_project"),
    path("open/projects/<int:project_id>/photos/<int:photo_id>/", views.public_photo, name="public_photo"),
    path("open/selections/<int:selection_id>/", views.public_selection, name="public_selection"),
    path("projects/", views.projects, name="projects"),
    path("projects/export/", views.export, name="export"),
    path("projects/new/", views.new, name="new"),
    path("projects/<int:project_id>/", views.project, name="project"),
    path("projects/<int:project_id>/codes/", views.project_codes, name="codes"),
    path("projects/<int:project_id>/deeds/<str:name>/", views.project_deed, name="deed"),
    path("projects/<int:project_id>/edit/", views.project_edit, name="edit"),
    path("projects/<int:project_id>/milestones/", views.project_milestone, name="milestone"),
    path(
        "projects/<int:project_id>/milestones/<int:milestone_id>/<str:name>/", views.project_milestone_deed,
        name="milestone_deed",
    ),
    path("projects/<int:project_id>/parties/", views.project_parties, name="parties"),
    path("projects/<int:project_id>/photos/<int:photo_id>/", views.project_photo, name="photo"),
    path("projects/<int:project_id>/progress/", views.project_tell, name="tell"),
    path("projects/<int:project_id>/publish/", views.project_publish, name="publish"),
    path("projects/<int:project_id>/unpublish/", views.project_unpublish, name="unpublish"),
    path("project-packages/", views.packages, name="packages"),
    path("project-packages/new/", views.package_new, name="package_new"),
    path("project-packages/<int:package_id>/", views.package, name="package"),
    path("project-packages/<int:package_id>/add/", views.package_add, name="package_add"),
    path("project-packages/<int:package_id>/remove/<int:project_id>/", views.package_remove, name="package_remove"),
    path("project-selections/", views.selections, name="selections"),
    path("project-selections/new/", views.selection_new, name="selection_new"),
    path("project-selections/<int:selection_id>/", views.selection, name="selection"),
    path("project-selections/<int:selection_id>/begin/", views.selection_begin, name="begin"),
    path("project-selections/<int:selection_id>/nominate/", views.selection_nominate, name="nominate"),
    path("project-selections/<int:selection_id>/publish/", views.selection_publish, name="selection_publish"),
    path("project-selections/<int:selection_id>/score/<int:nomination_id>/", views.selection_score, name="score"),
]  # fmt: skip
