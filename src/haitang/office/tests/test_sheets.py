"""What is printed is what may be known."""

import shutil
import subprocess
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.urls import reverse
from docx import Document

from haitang.cases import actions as case_actions
from haitang.cases.queries import catalog
from haitang.cases.values import CaseNotFound
from haitang.core.access import VISITOR
from haitang.core.documents import Sheet, write_docx
from haitang.core.errors import NotAllowed
from haitang.office import queries
from haitang.people.queries import get_actor
from haitang.testing.actors import NOW
from haitang.testing.cases import report
from haitang.whistles.tests.cast import draft


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


DESCRIBED = (
    "小区东门外的人行道地砖大面积松动破损，下雨天积水严重，老人和孩子多次在此滑倒，此前已经多次向物业反映，"
    "一直没有人来修，请尽快安排维修，并在修好以前设置警示标志。"
)


def pages(drawn: Sheet, folder: Path) -> int:
    """Return how many pages the sheet takes in an office program."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no office program on this machine to open the sheet with")
    (folder / "sheet.docx").write_bytes(write_docx(drawn))
    told = f"-env:UserInstallation=file://{folder}/profile"
    subprocess.run(
        [program, told, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "sheet.docx"],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    return (folder / "sheet.pdf").read_bytes().count(b"/Type/Page/")


@pytest.mark.parametrize(("described", "takes"), [(DESCRIBED, 1), (DESCRIBED * 12, 2)])
def test_a_supervision_sheet_takes_one_page_and_more_only_where_there_is_more_to_say(town, tmp_path, described, takes):
    case = report(VISITOR, description=described, reporter_name="林阿姨", reporter_phone="13800001234")
    assert pages(sheet(town.dispatcher, case, "supervision"), tmp_path) == takes


def test_the_whole_way_of_an_ordinary_case_takes_one_page(town, tmp_path):
    case = report(VISITOR, description=DESCRIBED, reporter_name="林阿姨", reporter_phone="13800001234")
    who = {
        "verify": town.grid, "accept": town.dispatcher, "register": town.dispatcher, "dispatch": town.dispatcher,
        "sign": town.handler, "handle": town.handler, "feedback": town.handler, "check": town.checker,
        "close": town.dispatcher,
    }  # fmt: skip
    phrases = catalog().phrases
    for deed, actor in who.items():
        more = {"organization_code": "ZJJ"} if deed == "dispatch" else {}
        getattr(case_actions, f"{deed}_case")(
            actor=actor, case_id=case.pk, opinion=phrases[deed][1], now=NOW + timedelta(days=200), **more
        )
    drawn = sheet(town.dispatcher, case)
    assert len(drawn.log) == 10
    assert drawn.log[-1][0] == "11月22日 09:30"
    assert pages(drawn, tmp_path) == 1


def test_a_whistle_for_three_departments_takes_one_page(town, tmp_path):
    whistle = draft(town)
    drawn = queries.get_whistle_sheet(viewer=town.dispatcher, whistle_id=whistle.pk, now=NOW)
    assert len(drawn.log) == 3
    assert pages(drawn, tmp_path) == 1
