"""What happens because of links and agreements, and the clock's own work. Every job may run twice and does it once."""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext_noop
from procrastinate.contrib.django import app

from haitang.alliances import actions, queries
from haitang.alliances.facts import DutiesAgreed, DutiesProposed, DutiesReturned, MeetingCalled
from haitang.alliances.values import Permission, Side
from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.core.scoping import path_of
from haitang.organizations.facts import OrganizationsLinked
from haitang.people.actions import send_notices
from haitang.people.queries import list_accounts_holding
from haitang.territory.facts import AreaEnded, AreaReplaced
from haitang.volunteers.facts import VolunteerWithdrew

CLOCK = system("共驻共建")
NEWS = {
    "DutiesProposed": gettext_noop("有 {year} 年共建协议等待贵方确认：{number}"),
    "DutiesReturned": gettext_noop("{year} 年共建协议被退回，请修改：{number}"),
    "DutiesAgreed": gettext_noop("双方已签订 {year} 年共建协议：{number}"),
}
NEWS_FOR = timedelta(days=3)
"""What was entered for an earlier day, as when a register is brought in, is no news any more."""
CALLED = gettext_noop("{name}召开{title}：{at}")


@reacts_to(DutiesProposed, DutiesReturned, DutiesAgreed, batched=True)
@app.task(queue="notices", name="alliances.tell_of_agreements")
def tell_of_agreements(*, entry_ids: list[int], **_: object) -> None:
    """Tell the side that did not do it; nobody is asked for a yes that has been given meanwhile."""
    since = clock.now() - NEWS_FOR
    entries = [entry for entry in queries.list_entries_of(entry_ids) if entry.at > since]
    agreements = queries.find_agreements((entry.data["link_id"], entry.data["year"]) for entry in entries)
    for entry in entries:
        row = agreements.get((entry.data["link_id"], entry.data["year"]))
        other = Side.UNIT if entry.data["side"] == Side.COMMUNITY else Side.COMMUNITY
        if row is None or (entry.fact == "DutiesProposed" and row.waits_for != other):
            continue
        if other == Side.UNIT:
            accounts = list_accounts_holding(Permission.SPEAK, organization_id=row.link.unit_id)
        else:
            accounts = list_accounts_holding(Permission.KEEP, area_path=path_of(row.link.area_ids))
        send_notices(
            actor=CLOCK, account_ids=set(accounts), key=f"entry:{entry.pk}", text=NEWS[entry.fact],
            parts={"year": str(row.year), "number": row.link.number},
            url=f"{reverse('alliances:link', args=[row.link_id])}?year={row.year}", subject_type="alliance_link",
            subject_id=row.link_id, now=clock.now(),
        )  # fmt: skip


@reacts_to(MeetingCalled, batched=True)
@app.task(queue="notices", name="alliances.tell_of_meetings")
def tell_of_meetings(*, entry_ids: list[int], **_: object) -> None:
    """Tell the units of the members when and where the committee meets; of a meeting that is past, nobody."""
    entries = {entry.data["meeting_id"]: entry for entry in queries.list_entries_of(entry_ids)}
    for row, homes in queries.list_called(entries, clock.now()):
        accounts = {
            account for home in homes for account in list_accounts_holding(Permission.SPEAK, organization_id=home)
        }
        send_notices(
            actor=CLOCK, account_ids=accounts, key=f"entry:{entries[row.pk].pk}", text=CALLED,
            parts={
                "name": row.committee.name, "title": row.title,
                "at": row.at.astimezone(clock.LOCAL).strftime("%Y-%m-%d %H:%M"),
            },
            url=reverse("alliances:meeting", args=[row.pk]), subject_type="alliance_meeting", subject_id=row.pk,
            now=clock.now(),
        )  # fmt: skip


@reacts_to(OrganizationsLinked)
@app.task(queue="default", name="alliances.follow_linked")
def follow_linked(*, organization_id: int, other_id: int, **_: object) -> None:
    """Take up a pair that was made in the register of organizations."""
    actions.follow_links(actor=CLOCK, organization_ids=[organization_id, other_id], now=clock.now())


@reacts_to(VolunteerWithdrew)
@app.task(queue="default", name="alliances.forget_withdrawn")
def forget_withdrawn(*, volunteer_id: int, **_: object) -> None:
    """Erase in which action branches somebody was who has withdrawn from the register."""
    actions.forget_member(actor=CLOCK, volunteer_id=volunteer_id, now=clock.now())


@reacts_to(AreaReplaced)
@app.task(queue="default", name="alliances.follow_replaced_area")
def follow_replaced_area(*, area_id: int, new_area_id: int, **_: object) -> None:
    """Tie what lies in an area to its new version."""
    actions.move_joint_work(actor=CLOCK, area_id=area_id, new_area_id=new_area_id, now=clock.now())


@reacts_to(AreaEnded)
@app.task(queue="default", name="alliances.follow_ended_area")
def follow_ended_area(*, area_id: int, replaced_by_id: int | None, **_: object) -> None:
    """Tie what lies in an area that ceased to the one in its place, if there is one."""
    if replaced_by_id is not None:
        actions.move_joint_work(actor=CLOCK, area_id=area_id, new_area_id=replaced_by_id, now=clock.now())


@app.periodic(cron="40 3 * * *")
@app.task(queue="clock", name="alliances.take_up_links", queueing_lock="alliances.take_up", pass_context=False)
def take_up_links(timestamp: int) -> None:
    """Once a night: take up the pairs that came with an import of organizations."""
    actions.follow_links(actor=CLOCK, now=clock.now())
