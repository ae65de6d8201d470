"""What is printed is what may be known."""

from io import BytesIO

import pytest
from django.urls import reverse
from docx import Document

from haitang.cases import actions as case_actions
from haitang.cases.values import CaseNotFound
from haitang.core.access import VISITOR
from haitang.core.errors import NotAllowed
from haitang.office import queries
from haitang.people.queries import get_actor
from haitang.testing.actors import NOW
from haitang.testing.cases import report


@pytest.fixture
def case(town):
    case = report(VISITOR, reporter_name="林阿姨", reporter_phone="13800001234")
    case_actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="属于受理范围", now=NOW)
    return case


def sheet(viewer, case, kind="case"):
    return queries.get_sheet(viewer=viewer, kind=kind, case_id=case.pk, now=NOW)


def test_a_sheet_tells_the_case_and_what_happened_without_the_reporters_number(town, case):
    drawn = sheet(town.dispatcher, case)
    assert "13800001234" not in repr(drawn)
    assert [line[3] for line in drawn.log] == ["", "属于受理范围"]
    assert drawn.day == "2026年5月6日"


def test_who_may_not_know_of_it_prints_nothing(town, case):
    secret = report(VISITOR, kind="denunciation")
    with pytest.raises(CaseNotFound):
        sheet(town.secretary, secret)
    with pytest.raises(CaseNotFound):
        sheet(town.outsider, case)


def test_only_a_dispatcher_draws_up_a_supervision_sheet(town, case):
    assert sheet(town.dispatcher, case, "supervision").title == "督办单"
    with pytest.raises(NotAllowed):
        sheet(town.checker, case, "supervision")


def test_page_and_file(town, case, client):
    client.force_login(town.account("dispatcher"))
    page = client.get(reverse("office:sheet", args=[case.pk, "supervision"]))
    assert "督办要求" in page.content.decode()
    file = client.get(reverse("office:sheet_docx", args=[case.pk, "case"]))
    assert case.number in file["Content-Disposition"]
    cells = [cell.text for row in Document(BytesIO(file.content)).tables[0].rows for cell in row.cells]
    assert case.description in cells
    assert client.get(reverse("office:sheet", args=[case.pk, "other"])).status_code == 404


def test_the_reporter_stands_on_it_in_part_only(town):
    account = town.account("resident")
    case = report(get_actor(account.pk))
    drawn = sheet(town.dispatcher, case)
    assert account.name not in str(drawn.log)
    assert drawn.log[0][2] == f"{account.name[0]}**"
