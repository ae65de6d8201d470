"""Lists of people: every row checked, thousands entered by a few statements, nobody twice, nobody counted twice."""

import csv
from threading import Thread

import pytest
from django.db import connections

from haitang.core import access, files
from haitang.core.errors import Invalid, NotAllowed
from haitang.core.models import Entry
from haitang.territory.queries import territory
from haitang.testing.actors import NOW, TODAY, actor_with
from haitang.testing.desks import enter
from haitang.testing.people import build_town, refused
from haitang.volunteers import actions, queries
from haitang.volunteers.models import Membership, Volunteer, VolunteerImport
from haitang.volunteers.values import ImportDone, MemberClass, Permission, VolunteerProfile

GRID = "320585001001001"
HEAD = ["姓名", "电话", "居住网格", "本人同意", "类别", "所在支部", "报到支部", "技能", "先锋力量"]


def a_file(folder, *rows, head=HEAD):
    path = folder / "people.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows([head, *rows])
    return path


def row(n, *, area=GRID, agreed="是", member="", home="", community="", skills="", forces="", name=""):
    return [name or f"张{n}", f"138{n:08d}", area, agreed, member, home, community, skills, forces]


@pytest.fixture
def branch(town):
    return enter("DZB1", "party_branch")


def test_every_row_is_checked_and_the_sound_ones_are_entered(town, branch, entered, tmp_path):
    path = a_file(
        tmp_path,
        row(1, member="在职", home="DZB1", skills="家电维修、理发", forces="劳动模范"),
        row(2, area="海棠街道 / 春和社区 / 第一网格"),
        row(3, agreed="否"), row(4, area="月亮"), row(5, skills="飞行"), row(6, member="在职"), row(1, name="另一人"),
        row(7, area="320585001002001"), ["", "12", GRID, "是", "", "", "", "", ""],
        ["吴师傅", "13800001234", GRID, "是", "", "", "", "", ""],
        ["吴师母", "13800001234", GRID, "是", "", "", "", "", ""],
    )  # fmt: skip
    found = actions.import_volunteers(actor=town.secretary, path=path, now=NOW, check_only=True)
    assert Volunteer.objects.count() == 1
    told = dict(found.reasons)
    assert sorted(told) == [4, 5, 6, 7, 8, 9, 10, 12]
    assert told[4] == "本人未同意，不能登记"
    assert "飞行" in told[6]
    assert told[8] == "与第 2 行电话相同"
    found = actions.import_volunteers(actor=town.secretary, path=path, now=NOW)
    assert (len(found.sound), found.known, len(found.reasons)) == (2, 1, 8)
    first = queries.find_by_phone("13800000001")
    assert (first.skills, first.forces, first.via) == (["repair_appliance", "haircut"], ["model_worker"], "import")
    assert queries.membership_on(first.pk, TODAY).management == "two_way"
    assert Entry.objects.filter(fact="VolunteersImported").get().data["registered"] == 2
    again = actions.import_volunteers(actor=town.secretary, path=path, now=NOW)
    assert (len(again.sound), again.known) == (0, 3)


def test_a_unit_enters_its_people_wherever_they_live(town, tmp_path):
    liaison = actor_with(Permission.MANAGE, organization_id=town.desks["ZJJ"])
    path = a_file(tmp_path, row(1), row(2, area="320585001002001"))
    found = actions.import_volunteers(actor=liaison, path=path, now=NOW, unit_id=town.desks["ZJJ"])
    assert len(found.sound) == 2
    other = actions.import_volunteers(actor=liaison, path=a_file(tmp_path, row(3)), now=NOW)
    assert [reason for _line, reason in other.reasons] == ["您不能登记居住在该网格、属于该单位的人员"]
    refused(NotAllowed, actions.import_volunteers, actor=town.grid, path=path, now=NOW)


def test_a_file_is_checked_confirmed_and_removed(town, tmp_path, django_capture_on_commit_callbacks):
    data = a_file(tmp_path, row(1), row(2)).read_bytes()
    brought = actions.bring_volunteer_file(actor=town.secretary, file_name="名单.csv", data=data, now=NOW)
    assert (brought.sound, Volunteer.objects.count()) == (2, 0)
    path = files.path_for(brought.digest)
    with django_capture_on_commit_callbacks(execute=True):
        done = actions.take_in_volunteer_file(actor=town.secretary, import_id=brought.pk, now=NOW)
    assert (done.sound, Volunteer.objects.count(), path.exists()) == (2, 2, False)
    refused(ImportDone, actions.take_in_volunteer_file, actor=town.secretary, import_id=brought.pk, now=NOW)
    refused(Invalid, actions.bring_volunteer_file, actor=town.secretary, file_name="x", data=b"%PDF-1.4", now=NOW)
    assert actions.forget_volunteer_files(actor=town.secretary, now=NOW, before=NOW) == 0
    assert VolunteerImport.objects.count() == 1


def test_thousands_cost_as_many_statements_as_two(town, branch, tmp_path, django_assert_max_num_queries):
    path = a_file(tmp_path, *(row(n, member="居民", community="DZB1") for n in range(2000)))
    with django_assert_max_num_queries(20):
        found = actions.import_volunteers(actor=town.secretary, path=path, now=NOW)
    assert len(found.sound) == Volunteer.objects.count() == Membership.objects.count() == 2000


def test_nobody_is_counted_twice(town, branch, tmp_path, profile):
    other = enter("DZB2", "party_branch")
    path = a_file(
        tmp_path,
        *(row(n, member=word, home="DZB1", community="DZB2", forces="劳动模范、律师")
          for n, word in enumerate(["居民", "在职", "离退休", "流动", "在职"])),
        row(10), row(11, area="320585001001002"),
    )  # fmt: skip
    actions.import_volunteers(actor=town.secretary, path=path, now=NOW)
    spring = territory().area(town.areas["spring"])
    by_area, whole = queries.figures_by_area(viewer=town.leader, area=spring, today=TODAY)
    by_unit, same = queries.figures_by_unit(viewer=town.leader, area=spring, today=TODAY)
    assert whole.total == same.total == sum(line.total for line in by_area) == 7
    assert whole.by_class == (1, 2, 1, 1, 2)
    assert whole.forces == 5
    for code, member_class, count in (("", "", 7), ("", "employed", 2), ("", "none", 2), (GRID, "", 6)):
        path = territory().by_code(code).path if code else spring.path
        wanted = queries.RegisterFilter(area_path=path, member_class=member_class)
        assert queries.list_volunteers(viewer=town.leader, wanted=wanted, today=TODAY).total == count
    in_branches = queries.RegisterFilter(branch_id=other)
    assert queries.list_volunteers(viewer=town.leader, wanted=in_branches, today=TODAY).total == 5
    assert queries.list_volunteers(viewer=town.outsider, wanted=queries.RegisterFilter(), today=TODAY).total == 0
    assert len(by_unit) == 1
    assert len(whole.by_class) == len(MemberClass.values) + 1


def test_the_register_is_paged_and_filtered(town, tmp_path):
    path = a_file(tmp_path, *(row(n, skills="急救" if n % 2 else "") for n in range(120)))
    actions.import_volunteers(actor=town.secretary, path=path, now=NOW)
    seen, cursor = [], ""
    while True:
        page = queries.list_volunteers(
            viewer=town.grid, wanted=queries.RegisterFilter(skill="first_aid"), today=TODAY, cursor=cursor
        )
        seen += [each.pk for each in page.rows]
        cursor = page.next
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 60
    one = queries.RegisterFilter(phone="13800000007")
    assert [each.name for each in queries.list_volunteers(viewer=town.grid, wanted=one, today=TODAY).rows] == ["张7"]


@pytest.mark.django_db(transaction=True)
def test_a_list_and_a_person_at_once_enter_the_same_once(tmp_path):
    town = build_town()
    actions.ship_volunteer_catalogue()
    path = a_file(tmp_path, *(row(n, name="同一人") for n in range(200)))
    grid = territory().by_code(GRID).id

    def one_by_one():
        for n in range(0, 200, 7):
            profile = VolunteerProfile("同一人", f"138{n:08d}", grid)
            try:
                actions.register_volunteer(actor=access.VISITOR, profile=profile, consented=True, now=NOW)
            except actions.registering.AlreadyRegistered:
                continue
        connections.close_all()

    def listed():
        actions.import_volunteers(actor=town.secretary, path=path, now=NOW)
        connections.close_all()

    threads = [Thread(target=one_by_one), Thread(target=listed), Thread(target=listed)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Volunteer.objects.count() == 200
