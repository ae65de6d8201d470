"""A page that forgets every filter: it hands out all rows of the tables behind the second wall, read in two ways."""

import json

from django.apps import apps
from django.db import connection, models
from django.http import HttpRequest, JsonResponse
from django.test import Client
from django.urls import path

from haitang.core.access import ANYONE, allow


def walled() -> list[type[models.Model]]:
    """Return the models whose tables stand behind the wall, as the database says."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity ORDER BY relname")
        tables = [name for (name,) in cursor.fetchall()]
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    return [by_table[table] for table in tables]


@allow(ANYONE)
def read_all(request: HttpRequest) -> JsonResponse:
    """Return by table the keys of all its rows: by the model, and by a statement of one's own."""
    found = {}
    for model in walled():
        by_model = set(model._base_manager.values_list("pk", flat=True))
        quote = connection.ops.quote_name
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT {quote(model._meta.pk.column)} FROM {quote(model._meta.db_table)}")
            by_statement = {key for (key,) in cursor.fetchall()}
        found[model._meta.label] = sorted(by_model | by_statement)
    return JsonResponse(found)


urlpatterns = [path("unfiltered/", read_all)]


def rows_shown_to(client: Client) -> dict[str, set[int]]:
    """Ask the page as the client is signed in; the settings' ROOT_URLCONF names this module."""
    response = client.get("/unfiltered/")
    assert response.status_code == 200, response.content
    return {label: set(keys) for label, keys in json.loads(response.content).items()}
