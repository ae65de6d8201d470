"""The frame's own pages."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_gallery_is_hidden_from_visitors(client):
    response = client.get("/ui/")
    assert response.status_code == 404
    assert "没有这个页面" in response.content.decode()


def test_the_gallery_opens_while_developing(client, settings):
    settings.DEBUG = True
    assert client.get("/ui/").status_code == 200


def test_a_preference_is_kept_and_leads_back(client):
    response = client.post("/ui/preference/", {"large": "1", "next": "/ui/?x=1"})
    assert (response.status_code, response["Location"]) == (302, "/ui/?x=1")
    assert 'class="ht-large"' in client.get("/ui/").content.decode()


def test_a_preference_never_leads_to_another_site(client):
    assert client.post("/ui/preference/", {"language": "en", "next": "a\x00b"})["Location"] == "/"
    response = client.post("/ui/preference/", {"language": "en", "next": "//evil.example/"})
    assert response["Location"] == "/"
    assert client.cookies["django_language"].value == "en"
