"""Forms per category: asked, answered, versioned, inherited; conditions with their limits."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from haitang.cases import actions, queries
from haitang.cases.models import Case, Category, FormVersion
from haitang.cases.queries import CaseFilter
from haitang.cases.tests.test_api import Api
from haitang.cases.tests.test_settling import picture
from haitang.cases.values import CaseForm, Condition, Permission, Question
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.tables import write_csv
from haitang.testing.actors import NOW, actor_with
from haitang.testing.cases import FOUNDER, HERE, report

pytestmark = pytest.mark.django_db
ILLEGAL_BUILDING = "20101"
STOREYS = Question("storeys", "几层", "number", required=True)
KIND = Question("kind", "用途", "one", ("住人", "出租", "堆物"), of="resident", required=True)
OWNER = Question("owner", "当事人是否在场", "one", ("在", "不在"), of="staff", at="register", required=True)
WALL = Question("wall", "拆除面积（平方米）", "number", at="handle", required=True)
FORM = CaseForm(
    questions=(STOREYS, KIND, OWNER, WALL),
    opening=(
        Condition("building", "正在搭建", "停工", "4工作时"),
        Condition("built", "已建成，责令处罚", "处罚", "7工作日"),
        Condition("torn", "已建成，依法拆除", "拆除", "20工作日"),
    ),
    closing=(Condition("gone", "违法建设已拆除并清理干净"), Condition("stopped", "已停工并签承诺书")),
    basis="《城乡规划法》第六十四条",
    responsible=("综合行政执法局",),
)


def ask(form: CaseForm = FORM, code: str = ILLEGAL_BUILDING) -> Category:
    category = Category.objects.get(code=code)
    return actions.change_form(actor=FOUNDER, now=NOW, category_id=category.pk, form=form)


def to_registered(town, **more) -> Case:
    case = report(town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": "2", "kind": "出租"})
    actions.verify_case(actor=town.grid, case_id=case.pk, opinion="属实", now=NOW)
    actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
    given = {"condition": "built", "answers": {"owner": "在"}, **more}
    return actions.register_case(actor=town.dispatcher, case_id=case.pk, opinion="立案", now=NOW, **given)


def test_a_resident_is_asked_and_refused_by_question(town):
    ask()
    with pytest.raises(Invalid, match="请回答“几层”") as refused:
        report(town.resident, category_code=ILLEGAL_BUILDING, answers={"kind": "出租"})
    assert set(refused.value.fields) == {"answer_storeys"}
    with pytest.raises(Invalid, match="没有这些问题：owner"):
        report(town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": 1, "owner": "在"})
    with pytest.raises(Invalid, match="“用途”：请从选项中选择：住人、出租、堆物"):
        report(town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": 1, "kind": "养鸡"})
    case = report(town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": "3", "kind": "堆物"})
    assert case.answers["storeys"] == {"label": "几层", "at": "report", "value": 3, "text": "3"}
    assert case.form_version_id == FormVersion.objects.get(category__code=ILLEGAL_BUILDING).pk


def test_staff_are_asked_everything_and_residents_questions_are_not_demanded_of_them(town):
    ask()
    case = report(town.dispatcher, channel="phone", category_code=ILLEGAL_BUILDING, answers={"storeys": 1})
    assert set(case.answers) == {"storeys"}


def test_nothing_is_demanded_where_the_category_was_only_guessed(town):
    category = queries.catalog().suggest("春和花园3幢楼下路灯连续三天不亮")
    ask(CaseForm((STOREYS,)), category.code)
    assert report(town.resident).answers == {}


def test_answers_are_found_by_their_words(town):
    ask()
    case = report(town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": 2, "kind": "堆物"})
    found = queries.list_cases(viewer=town.dispatcher, wanted=CaseFilter(q="堆物"), now=NOW)
    assert [each.pk for each in found.rows] == [case.pk]


def test_the_condition_of_registration_sets_the_time_for_handling(town):
    ask()
    with pytest.raises(Invalid, match="请选择立案条件：building＝正在搭建（停工，4工作时）"):
        to_registered(town, condition="")
    case = to_registered(town, condition="torn")
    actions.dispatch_case(actor=town.dispatcher, case_id=case.pk, opinion="派", now=NOW, organization_code="ZJJ")
    case = actions.sign_case(actor=town.handler, case_id=case.pk, opinion="收", now=NOW)
    assert case.deadlines["handle"]["limit"] == "20 工作日"
    assert (
        case.opening["step"],
        queries.list_timeline(viewer=town.dispatcher, case_id=case.pk)[3].data["condition"],
    ) == (
        "拆除",
        "已建成，依法拆除（拆除，20工作日）",
    )


def test_each_deed_asks_its_own_and_closing_names_what_is_met(town):
    ask()
    with pytest.raises(Invalid, match="请回答“当事人是否在场”"):
        to_registered(town, answers={})
    case = to_registered(town)
    steps = {"case_id": case.pk, "opinion": "办", "now": NOW}
    actions.dispatch_case(actor=town.dispatcher, organization_code="ZJJ", **steps)
    actions.sign_case(actor=town.handler, **steps)
    with pytest.raises(Invalid, match="拆除面积"):
        actions.handle_case(actor=town.handler, **steps)
    actions.handle_case(actor=town.handler, answers={"wall": "12.5"}, **steps)
    actions.feedback_case(actor=town.handler, **steps)
    actions.check_case(actor=town.checker, **steps)
    with pytest.raises(Invalid, match="请选择结案条件"):
        actions.close_case(actor=town.dispatcher, **steps)
    case = actions.close_case(actor=town.dispatcher, condition="gone", **steps)
    assert case.closing["text"] == "违法建设已拆除并清理干净"
    assert Case.objects.get(pk=case.pk).answers["wall"]["value"] == 12.5


def test_an_old_case_keeps_its_form_when_it_changes(town):
    ask()
    old = to_registered(town)
    ask(CaseForm((Question("storeys", "共几层楼", "line"), Question("new", "新问题", required=True, at="handle"))))
    assert [v.number for v in queries.list_form_versions(viewer=FOUNDER, category_id=old.category_id)] == [2, 1]
    old = Case.objects.get(pk=old.pk)
    assert [line.label for line in queries.answered(old, [])] == ["几层", "用途", "当事人是否在场"]
    steps = {"case_id": old.pk, "opinion": "办", "now": NOW}
    actions.dispatch_case(actor=town.dispatcher, organization_code="ZJJ", **steps)
    actions.sign_case(actor=town.handler, **steps)
    with pytest.raises(Invalid, match="没有这些问题：new"):
        actions.handle_case(actor=town.handler, answers={"new": "?"}, **steps)
    actions.handle_case(actor=town.handler, answers={"wall": 3}, **steps)
    new = report(town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": "两层半"})
    assert new.form_version_id != old.form_version_id


def test_what_was_shown_is_what_is_checked_though_the_form_changes_meanwhile(town):
    ask()
    shown = queries.catalog().by_code[ILLEGAL_BUILDING].current.version_id
    ask(CaseForm((Question("other", "别的问题", required=True),)))
    case = report(
        town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": 1, "kind": "住人"}, form_version_id=shown
    )
    assert case.form_version_id == shown


def test_the_changes_of_a_version_are_told_line_by_line(town):
    category = ask()
    ask(CaseForm((STOREYS, Question("new", "新问题")), basis="《城乡规划法》第六十四条"))
    latest = queries.list_form_versions(viewer=FOUNDER, category_id=category.pk)[0]
    assert ("added", "新问题（上报，居民和工作人员，单行文字，可不填）") in latest.changes
    assert ("removed", "立案条件：正在搭建（停工，4工作时）") in latest.changes
    assert not any("几层" in line for _what, line in latest.changes)


def test_those_below_inherit_and_get_a_version_of_their_own(town):
    ask(CaseForm((STOREYS,), basis="上级依据"), ILLEGAL_BUILDING[:3])
    below = queries.catalog().by_code[ILLEGAL_BUILDING].current
    assert ([q.key for q in below.form.questions], below.form.basis, below.number) == (["storeys"], "上级依据", 1)
    ask(CaseForm((WALL,)))
    below = queries.catalog().by_code[ILLEGAL_BUILDING].current
    assert [q.key for q in below.form.questions] == ["storeys", "wall"]
    before = FormVersion.objects.count()
    ask(CaseForm((WALL,)))
    assert FormVersion.objects.count() == before


def test_another_category_brings_its_form_and_what_was_answered_stays(town):
    ask()
    case = report(town.resident, category_code=ILLEGAL_BUILDING, answers={"storeys": 2, "kind": "出租"})
    case = actions.reclassify_case(
        actor=town.dispatcher, case_id=case.pk, opinion="改类", now=NOW, category_code="20102"
    )
    assert case.form_version_id is None
    assert {(line.label, line.text) for line in queries.answered(case, [])} == {("几层", "2"), ("用途", "出租")}


@pytest.mark.parametrize(
    ("question", "why"),
    [
        (Question("", "您的宗教信仰"), "不能问“宗教”"),
        (Question("", "选一个", "one", ("汉族", "少数民族")), "不能问“民族”"),
        (Question("", "政治面貌"), "不能问“政治面貌”"),
        (Question("", "身份证号"), "不能问“身份证”"),
        (Question("", "选一个", "one", ("只有一个",)), "应有 2 至"),
        (Question("", "几层", "number", ("1", "2")), "不应有选项"),
        (Question("", "几层", at="close", of="resident"), "只有上报时能问居民"),
        (Question("", ""), "问题应为"),
        (Question("BAD KEY", "几层"), "标识"),
    ],
)
def test_what_cannot_be_asked_is_refused(town, question, why):
    with pytest.raises(Invalid, match=why):
        ask(CaseForm((question,)))


def test_only_those_who_keep_the_catalogue_change_a_form(town):
    category = Category.objects.get(code=ILLEGAL_BUILDING)
    with pytest.raises(NotAllowed):
        actions.change_form(actor=actor_with(), now=NOW, category_id=category.pk, form=FORM)


def test_a_key_is_given_once_and_never_again(town):
    ask(CaseForm((Question("", "一"), Question("", "二"))))
    ask(CaseForm((Question("", "三"),)))
    assert [q.key for q in queries.catalog().by_code[ILLEGAL_BUILDING].current.form.questions] == ["q20101_3"]


def test_the_api_gives_the_form_as_a_schema_and_takes_answers(town):
    ask()
    api = Api()
    form = api("GET", f"/categories/{ILLEGAL_BUILDING}").json()
    assert form["schemas"]["report"]["required"] == ["storeys"]
    assert form["schemas"]["report"]["properties"]["kind"]["enum"] == ["住人", "出租", "堆物"]
    assert [each["limit"] for each in form["opening"]] == ["4工作时", "7工作日", "20工作日"]
    body = {"description": "有人在楼顶搭房子", "category_code": ILLEGAL_BUILDING, "channel": "phone", **HERE}

    def post(path, **sent):
        return api("POST", path, sent)

    refused = post("/cases", **body, answers={"colour": "红"})
    assert (refused.status_code, refused.json()["detail"]) == (422, "此类别没有这些问题：colour")
    refused = post("/cases", **body)
    assert (refused.status_code, refused.json()["detail"]) == (422, "请回答“几层”")
    made = post("/cases", **body, answers={"storeys": 2}).json()
    path = f"/cases/{made['id']}"
    assert api("GET", path).json()["answers"] == [
        {"key": "storeys", "label": "几层", "moment": "report", "value": 2, "text": "2"}
    ]
    post(f"{path}/accept", opinion="受理")
    assert post(f"{path}/register", opinion="立案", answers={"owner": "在"}).status_code == 422
    assert post(f"{path}/register", opinion="立案", condition="torn", answers={"owner": "在"}).status_code == 200
    assert api("GET", path).json()["opening"]["step"] == "拆除"


SITE = Question("site", "现场照片", "photo", required=True)


def test_a_demanded_photo_may_follow_and_the_case_waits_for_it_at_registration(town, settings, tmp_path):
    settings.FILES_ROOT = tmp_path
    ask(CaseForm((SITE,)))
    with pytest.raises(Invalid, match="请上传“现场照片”的照片"):
        report(town.resident, category_code=ILLEGAL_BUILDING)
    api = Api()
    made = api.report(category_code=ILLEGAL_BUILDING)
    assert made["photos_awaited"] == ["site"]
    case = Case.objects.get(pk=made["id"])
    actions.accept_case(actor=town.dispatcher, case_id=case.pk, opinion="受理", now=NOW)
    shown = api("GET", f"/cases/{case.pk}").json()
    assert (shown["answers"], shown["photos_awaited"]) == ([], ["site"])
    lines = queries.answered(Case.objects.get(pk=case.pk), [])
    assert [line.text for line in lines] == ["照片待补，补齐后方可立案"]
    register = {"actor": town.dispatcher, "case_id": case.pk, "opinion": "立案", "now": NOW}
    with pytest.raises(Invalid, match="应补的照片还没有上传：现场照片") as refused:
        actions.register_case(**register)
    assert set(refused.value.fields) == {"answer_site"}
    sent = Client(headers={"Authorization": f"Bearer {api.token}"}).post(
        f"/api/v1/cases/{case.pk}/attachments", {"file": SimpleUploadedFile("a.jpg", picture()), "question": "site"}
    )
    assert sent.status_code == 201, sent.content
    actions.register_case(**register)
    assert api("GET", f"/cases/{case.pk}").json()["photos_awaited"] == []
    assert queries.answered(Case.objects.get(pk=case.pk), queries.list_photos(viewer=town.dispatcher, case_id=case.pk))


def test_answers_leave_and_come_in_with_the_cases(town, tmp_path):
    many = Question("with", "涉及", "many", ("噪声", "扬尘"))
    day = Question("since", "始于", "date")
    ask(CaseForm((STOREYS, many, day, SITE)))
    answers = {"storeys": 3, "with": ["扬尘", "噪声"], "since": "2026-05-01"}
    report(town.dispatcher, channel="phone", category_code=ILLEGAL_BUILDING, answers=answers, photographed={"site"})
    report(town.resident)
    exporter = actor_with(Permission.VIEW, Permission.EXPORT)
    columns, rows = actions.export_cases(actor=exporter, now=NOW, wanted=CaseFilter())
    assert [column.title for column in columns[-3:]] == ["补充：几层", "补充：涉及", "补充：始于"]
    found = list(rows)
    assert [row[-3:] for row in found] == [("3", "噪声、扬尘", "2026-05-01"), (None, None, None)]
    Case.objects.all().delete()
    path = tmp_path / "out.csv"
    path.write_bytes(b"".join(write_csv(found, columns)))
    importer = actor_with(Permission.REPORT, account_id=900_002)
    assert actions.import_cases(actor=importer, path=path, now=NOW).loaded == 2
    case = Case.objects.exclude(answers={}).get()
    assert {key: held["value"] for key, held in case.answers.items()} == {**answers, "with": ["噪声", "扬尘"]}
    assert case.form_version_id == FormVersion.objects.get(category__code=ILLEGAL_BUILDING).pk
    assert Case.objects.get(answers={}).form_version_id is None
    wanted = CaseFilter(q="扬尘")
    assert [each.pk for each in queries.list_cases(viewer=exporter, wanted=wanted, now=NOW).rows] == [case.pk]


def test_answers_that_do_not_fit_refuse_their_row_alone(town, tmp_path):
    ask(CaseForm((STOREYS, Question("with", "涉及", "many", ("噪声", "扬尘")))))
    path, result = tmp_path / "in.csv", tmp_path / "result.csv"
    path.write_text(
        "外部编号,类别编码,问题描述,上报时间,补充：几层,补充：涉及\n"
        f"1,{ILLEGAL_BUILDING},甲,2026-04-01,三层,\n"
        f"2,{ILLEGAL_BUILDING},乙,2026-04-01,２,噪声,扬尘\n".replace("噪声,扬尘", '"噪声,扬尘"')
        + f"3,{ILLEGAL_BUILDING},丙,2026-04-01,,异味\n"
        "4,,丁,2026-04-01,1,\n"
        "5,,戊,2026-04-01,,\n",
        encoding="utf-8",
    )  # fmt: skip
    importer = actor_with(Permission.REPORT, account_id=900_002)
    summary = actions.import_cases(actor=importer, path=path, now=NOW, result_path=result)
    assert (summary.loaded, summary.refused) == (2, 3)
    told = result.read_text(encoding="utf-8-sig")
    assert "第 2 行：“几层”：" in told
    assert "第 4 行：“涉及”：请从选项中选择：噪声、扬尘" in told
    assert "没有这些补充问题：几层" in told
    assert Case.objects.get(external_id="2").answers["storeys"]["value"] == 2
    assert queries.counted() == queries.recount()


def test_a_later_file_puts_answers_right(town):
    ask(CaseForm((STOREYS,)))
    case = report(town.dispatcher, channel="phone", category_code=ILLEGAL_BUILDING, answers={"storeys": 1})
    given = {"actor": town.dispatcher, "case_id": case.pk, "description": "", "place": "", "now": NOW}
    assert not actions.amend_case(**given, answers={"几层": "1"})
    assert actions.amend_case(**given, answers={"几层": "4"})
    assert Case.objects.get(pk=case.pk).answers["storeys"]["value"] == 4
    with pytest.raises(Invalid):
        actions.amend_case(**given, answers={"几层": "很高"})
