"""即采即办: found, put in order and closed in one step, counted as such, and nobody's praise of themselves."""

import io

import pytest
from PIL import Image

from haitang.cases import actions, queries
from haitang.cases.lifecycle import Deed, Status, deeds_from
from haitang.cases.models import Attachment, Case
from haitang.cases.queries.measuring import counted, recount
from haitang.cases.values import GUARDS
from haitang.core.errors import Conflict, Invalid, NotAllowed
from haitang.core.history import timeline
from haitang.testing.actors import NOW
from haitang.testing.cases import HERE

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


def picture(colour: str = "green") -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (64, 48), colour).save(data, "JPEG")
    return data.getvalue()


def settle(actor, **changes):
    photos = [actions.keep_photo(actor=actor, data=picture(), now=NOW)]
    given = {
        "description": "楼道堆放纸箱，已请住户搬走", "category_code": "20101", "opinion": "当场劝导，已搬离",
        "photos": photos, "now": NOW, **HERE, **changes,
    }  # fmt: skip
    return actions.report_handled_case(actor=actor, **given)


def test_it_is_closed_by_the_one_who_found_it_with_the_photo_and_counted(town):
    case = Case.objects.get(pk=settle(town.grid).pk)
    assert (case.status, case.closed_at, case.due_at) == (Status.CLOSED, NOW, None)
    assert (case.organization_id, case.handler_id) == (town.desks["CHSQ"], town.grid.id)
    assert Attachment.objects.get(case=case).purpose == "after"
    assert [entry.fact for entry in timeline("case", case.pk)] == ["CaseReported", "PhotoAdded", "CaseSettled"]
    assert counted() == recount()
    measures = {key[-1]: n for key, n in counted().items()}
    assert (measures["self_handled"], measures["did:close"], measures["is:closed"]) == (1, 1, 1)


def test_it_can_be_done_over_by_the_same_desk_and_is_not_rated_by_its_handler(town):
    case = settle(town.grid)
    with pytest.raises(NotAllowed, match="不能由自己评价"):
        actions.rate_case(actor=town.grid, case_id=case.pk, is_solved=True, score=5, now=NOW)
    case = actions.reopen_case(actor=town.dispatcher, case_id=case.pk, opinion="仍有堆放", now=NOW)
    assert (case.status, case.organization_id) == (Status.HANDLING, town.desks["CHSQ"])
    assert counted() == recount()


@pytest.mark.parametrize(
    ("missing", "words"),
    [({"photos": []}, "照片"), ({"opinion": " "}, "处理意见"), ({"category_code": "", "description": "天"}, "类别")],
)
def test_without_photo_words_or_category_nothing_is_written(town, missing, words):
    with pytest.raises(Invalid, match=words):
        settle(town.grid, **missing)
    assert not Case.objects.exists()
    assert not counted()


@pytest.mark.parametrize("who", ["resident", "dispatcher", "handler", "outsider"])
def test_only_who_reports_and_handles_there_may(town, who):
    with pytest.raises(NotAllowed):
        settle(getattr(town, who))
    assert not Case.objects.exists()


def test_a_guard_is_asked_and_the_deed_is_never_offered(town, monkeypatch):
    def not_so(deed: str, case: Case) -> None:
        raise Conflict(f"不能{deed}")

    assert Deed.SETTLE not in deeds_from(Status.REPORTED)
    monkeypatch.setattr(GUARDS, "_joined", {})
    GUARDS.join(not_so)
    with pytest.raises(Conflict, match="settle"):
        settle(town.grid)
    assert not Case.objects.exists()
    assert not queries.list_mine(viewer=town.grid).rows
