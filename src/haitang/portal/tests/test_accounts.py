"""With an account: residents see their own matters without codes, staff are led to their desk."""

from django.test import Client

from haitang.people.models import Account
from haitang.portal.tests.story import handle, report
from haitang.testing import people


def sign_in(account: Account) -> Client:
    """Return a browser in which the account is signed in."""
    client = Client()
    client.force_login(account, "django.contrib.auth.backends.ModelBackend")
    return client


def test_a_resident_follows_and_rates_without_a_code(town):
    account = people.build_account("林桂芳")
    case, _code = report(sign_in(account))
    strangers, _ = report(Client())
    handle(town, case)
    later = sign_in(account)
    page = later.get("/mine/").content.decode()
    assert case.number in page
    assert strangers.number not in page
    assert later.get(f"/track/{case.number}/").status_code == 200
    assert later.get(f"/track/{strangers.number}/").status_code == 302
    assert later.post(f"/track/{case.number}/rate/", {"is_solved": "yes", "score": "4"}).status_code == 302
    case.refresh_from_db()
    assert (case.status, case.score) == ("rated", 4)


def test_the_own_list_asks_few_questions_of_the_database(town, django_assert_max_num_queries):
    client = sign_in(people.build_account("林桂芳"))
    for _ in range(12):
        report(client)
    with django_assert_max_num_queries(12):
        assert client.get("/mine/").status_code == 200


def test_signing_in_leads_residents_home_and_staff_to_their_desk(town):
    assert Client().get("/mine/").headers["Location"].startswith("/accounts/login/")
    resident = sign_in(people.build_account("林桂芳"))
    assert resident.get("/enter/").headers["Location"] == "/mine/"
    assert "进入工作台" not in resident.get("/").content.decode()
    staff = sign_in(town.account("leader"))
    assert staff.get("/enter/").headers["Location"] in ("/desk/", "/me/")
    assert "进入工作台" in staff.get("/").content.decode()
