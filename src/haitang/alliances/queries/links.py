"""Reads over links, their years and contacts."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q
from django.utils.translation import gettext as _

from haitang.alliances import policies
from haitang.alliances.lifecycle import AgreementDeed, Stage, Standing
from haitang.alliances.models import AgreedDuty, Agreement, Contact, Evaluation, Link
from haitang.alliances.queries.rules import rules
from haitang.alliances.values import AgreementNotFound, ContactNotFound, LinkNotFound, Permission, Side
from haitang.core import history, paging, periods
from haitang.core.access import Actor
from haitang.core.keyset import page_by_instant
from haitang.core.models import Entry
from haitang.core.scoping import below
from haitang.organizations.queries import organizations
from haitang.organizations.values import Kind as OfficeKind
from haitang.territory.queries import territory
from haitang.territory.values import Kind as AreaKind

PAGE_ROWS = 50
TOTAL_MAX = 10_000
CONTACTS_SHOWN = 100
_HOSTS = {
    AreaKind.COMMUNITY: OfficeKind.COMMUNITY, AreaKind.VILLAGE: OfficeKind.COMMUNITY,
    AreaKind.STREET: OfficeKind.STREET_OFFICE, AreaKind.TOWN: OfficeKind.STREET_OFFICE,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class LinkFilter:
    """Which links are wanted, and of which year their standing is told.

    text: part of the unit's name. standing: of Standing, "" for all. ended: also those that are over.
    """

    year: int
    today: date
    area_path: str = ""
    unit_id: int | None = None
    text: str = ""
    standing: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link with what lists show of one year.

    agreement: of that year, None where there is none. contacts: made within the year; last: the day of the last one.
    percent: what each side said of the other, by the side that spoke; only once both have, or neither may any more.
    """

    row: Link
    unit_name: str
    community_name: str
    area_name: str
    is_over: bool
    agreement: Agreement | None
    contacts: int
    last: date | None
    percent: dict[str, int]


@dataclass(frozen=True, slots=True)
class DutyView:
    """A duty of an agreement, and how many contacts of the year fulfil it."""

    row: AgreedDuty
    made: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """What one side said of the other. band: what such a result is called."""

    row: Evaluation
    band: str


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page of one link shows of a year.

    sides: for which the viewer speaks. deeds: (deed, side) that the viewer may do now. judgements: those that the
    viewer may see, by side: whoever has still to judge does not see what the other said. hidden: how many there are
    besides. window: first and last day on which the year is judged. years: those with an agreement, the latest first.
    """

    view: LinkView
    duties: list[DutyView]
    contacts: list[Contact]
    judgements: dict[str, Judgement]
    hidden: int
    sides: tuple[Side, ...]
    deeds: list[tuple[AgreementDeed, Side]]
    window: tuple[date, date]
    years: list[int]
    entries: list[Entry] = field(default_factory=list)


def areas_of_hosts(today: date) -> dict[int, int]:
    """Return by id of each community and street office the id of the area that it serves on that day."""
    registry = organizations()
    return {
        office.id: area.id
        for area in territory().descendants(None)
        if area.kind in _HOSTS
        for office in registry.all_serving((area.id,), _HOSTS[AreaKind(area.kind)], today)
    }


def lock_link(link_id: int) -> Link:
    """Return the link with its tie, locked. For actions; raises LinkNotFound."""
    return lock_links([link_id])[link_id]


def lock_links(link_ids: Iterable[int]) -> dict[int, Link]:
    """Return these links with their ties, locked in the order of their ids. For actions; raises LinkNotFound."""
    wanted = set(link_ids)
    rows = Link.objects.select_for_update(no_key=True, of=("self",)).select_related("link")
    found = {row.pk: row for row in rows.filter(pk__in=wanted).order_by("pk")}
    if wanted - found.keys():
        raise LinkNotFound(_("没有这个结对"))
    return found


def lock_agreements(agreement_ids: Iterable[int]) -> dict[int, Agreement]:
    """Return these agreements with their links, the links locked first. For actions; raises AgreementNotFound."""
    wanted = set(agreement_ids)
    link_ids = Agreement.objects.filter(pk__in=wanted).values_list("link_id", flat=True)
    links = lock_links(link_ids)
    rows = Agreement.objects.select_for_update(no_key=True).filter(pk__in=wanted).order_by("pk")
    found = {row.pk: row for row in rows}
    if wanted - found.keys():
        raise AgreementNotFound(_("没有这一年的协议"))
    for row in found.values():
        row.link = links[row.link_id]
    return found


def lock_contact(contact_id: int) -> Contact:
    """Return a contact that stands, with its link, locked. For actions; raises ContactNotFound."""
    rows = Contact.objects.select_for_update(no_key=True, of=("self",)).select_related("link")
    found = rows.filter(pk=contact_id, struck_at=None).first()
    if found is None:
        raise ContactNotFound(_("没有这条联系记录"))
    return found


def get_link(*, viewer: Actor, link_id: int) -> Link:
    """Return the link with its tie. Raises LinkNotFound, also where the viewer may not know it."""
    found = Link.objects.select_related("link").filter(pk=link_id).first()
    if found is None:
        raise LinkNotFound(_("没有这个结对"))
    policies.check_may_see_link(viewer, found)
    return found


def get_agreement_of(*, viewer: Actor, link_id: int, year: int) -> Agreement:
    """Return the agreement of a link for a year. Raises LinkNotFound, AgreementNotFound."""
    row = get_link(viewer=viewer, link_id=link_id)
    found = Agreement.objects.filter(link=row, year=year).prefetch_related("duties").first()
    if found is None:
        raise AgreementNotFound(_("没有这一年的协议"))
    found.link = row
    return found


def in_force(day: date) -> Q:
    """Return the condition that a link is in force on that day, or is yet to be."""
    return Q(link__to_date__isnull=True) | Q(link__to_date__gt=day)


def waiting_for(viewer: Actor) -> Q:
    """Return the condition that an agreement waits for a deed of the viewer's side."""
    here = below(viewer.areas(Permission.KEEP), "link__area_ids")
    own = Q(link__unit_id__in=viewer.organizations(Permission.SPEAK))
    asked = Q(stage=Stage.PROPOSED) & ((here & Q(community_at=None)) | (own & Q(unit_at=None)))
    back = Q(stage=Stage.RETURNED) & ((here & Q(proposed_by=Side.COMMUNITY)) | (own & Q(proposed_by=Side.UNIT)))
    return asked | back


def _standing(viewer: Actor, wanted: LinkFilter) -> Q:
    """Return the condition that a link stands in the year as wanted."""
    years = Agreement.objects.filter(link=OuterRef("pk"), year=wanted.year)
    agreed = years.filter(stage=Stage.AGREED)
    both = Evaluation.objects.filter(agreement__link=OuterRef("pk"), agreement__year=wanted.year)
    judged = Exists(both.filter(side=Side.UNIT)) & Exists(both.filter(side=Side.COMMUNITY))
    since = wanted.today - timedelta(days=rules().setting("quiet_days"))
    lately = Contact.objects.filter(link=OuterRef("pk"), struck_at=None, on__gt=since)
    match wanted.standing:
        case Standing.MISSING:
            return Q(~Exists(years))
        case Standing.MINE:
            return Q(Exists(years.filter(waiting_for(viewer))))
        case Standing.PROPOSED | Standing.RETURNED | Standing.AGREED:
            return Q(Exists(years.filter(stage=wanted.standing)))
        case Standing.QUIET:
            return Q(Exists(agreed)) & Q(~Exists(lately))
        case Standing.TO_JUDGE:
            return Q(Exists(agreed)) & ~Q(judged)
        case Standing.JUDGED:
            return Q(judged)
    return Q()


def filter_links(*, viewer: Actor, wanted: LinkFilter) -> Any:
    """Return the links that the viewer may see and wants, as rows still to be read."""
    rows = Link.objects.visible_to(viewer).select_related("link").filter(_standing(viewer, wanted))
    if not wanted.ended:
        rows = rows.filter(in_force(wanted.today))
    if wanted.area_path:
        rows = rows.below(wanted.area_path)
    if wanted.unit_id is not None:
        rows = rows.filter(unit_id=wanted.unit_id)
    if wanted.text:
        rows = rows.filter(unit__name__icontains=wanted.text)
    return rows


def list_links(*, viewer: Actor, wanted: LinkFilter, cursor: str = "") -> paging.Page[Link]:
    """Return a page of links that the viewer may see, the latest taken up first."""
    rows = filter_links(viewer=viewer, wanted=wanted)
    return page_by_instant(rows, instant="taken_up_at", cursor=cursor, limit=PAGE_ROWS, total_max=TOTAL_MAX)


def describe_links(rows: Iterable[Link], *, year: int, today: date) -> list[LinkView]:
    """Return links, read with their ties, with their names and what they did in a year; three statements for all."""
    links = list(rows)
    ids = [row.pk for row in links]
    areas, offices = territory(), organizations()
    agreements = {row.link_id: row for row in Agreement.objects.filter(link_id__in=ids, year=year)}
    made = Contact.objects.filter(link_id__in=ids, struck_at=None, on__year=year)
    counted = {
        each["link_id"]: (each["n"], each["last"])
        for each in made.order_by().values("link_id").annotate(n=Count("pk"), last=Max("on"))
    }
    judged: dict[int, dict[str, int]] = {}
    for each in Evaluation.objects.filter(agreement__in=[row.pk for row in agreements.values()]):
        judged.setdefault(each.agreement_id, {})[each.side] = each.percent
    if today <= rules().window(year)[1]:
        judged = {pk: said for pk, said in judged.items() if len(said) == len(Side)}
    views = []
    for row in links:
        unit, community = offices.by_id(row.unit_id), offices.by_id(row.community_id)
        agreement = agreements.get(row.pk)
        contacts, last = counted.get(row.pk, (0, None))
        views.append(
            LinkView(
                row, unit.name if unit else "", community.label if community else "", areas.full_name(row.area_id),
                row.link.to_date is not None and row.link.to_date <= today, agreement, contacts, last,
                judged.get(agreement.pk, {}) if agreement else {},
            )
        )  # fmt: skip
    return views


def get_link_page(*, viewer: Actor, link_id: int, year: int, today: date) -> LinkPage:
    """Return the link with all that its page shows of a year; raise LinkNotFound as `get_link` does."""
    row = get_link(viewer=viewer, link_id=link_id)
    (view,) = describe_links([row], year=year, today=today)
    agreement, sides, known = view.agreement, policies.sides_of(viewer, row), rules()
    made = Contact.objects.filter(link=row, struck_at=None, on__year=year)
    by_duty = Counter(made.exclude(duty="").values_list("duty", flat=True))
    said = {each.side: each for each in Evaluation.objects.filter(agreement=agreement)} if agreement else {}
    window = known.window(year)
    owing = [side for side in sides if side not in said]
    seen = said if not owing or today > window[1] else {side: each for side, each in said.items() if side in sides}
    duties = list(agreement.duties.order_by("id")) if agreement else []
    years = Agreement.objects.filter(link=row).order_by("-year").values_list("year", flat=True)
    return LinkPage(
        view, [DutyView(each, by_duty[each.code]) for each in duties],
        list(made.order_by("-on", "-id")[:CONTACTS_SHOWN]),
        {side: Judgement(each, known.band(each.percent)) for side, each in sorted(seen.items())},
        len(said) - len(seen), sides, [] if view.is_over else _deeds(agreement, sides, said, window, today), window,
        list(years), history.timeline("alliance_link", row.pk),
    )  # fmt: skip


def _deeds(
    agreement: Agreement | None, sides: Iterable[Side], said: Iterable[str], window: tuple[date, date], today: date
) -> list[tuple[AgreementDeed, Side]]:
    deeds = []
    for side in sides:
        if agreement is None or agreement.stage != Stage.AGREED:
            deeds.append((AgreementDeed.PROPOSE, side))
        if agreement is None:
            continue
        if agreement.stage == Stage.PROPOSED and agreement.waits_for == side:
            deeds += [(AgreementDeed.CONFIRM, side), (AgreementDeed.RETURN, side)]
        if agreement.stage == Stage.AGREED and side not in said and window[0] <= today <= window[1]:
            deeds.append((AgreementDeed.JUDGE, side))
    return deeds


def count_waiting_links(*, viewer: Actor) -> int:
    """Return how many agreements wait for the viewer's side, counted up to 100; for the menu."""
    return Agreement.objects.filter(waiting_for(viewer)).order_by()[:100].count()


def list_open_agreements(*, viewer: Actor) -> list[Agreement]:
    """Return the agreements that wait for the viewer's side, with their links, at most 100, the oldest first."""
    rows = Agreement.objects.filter(waiting_for(viewer)).select_related("link", "link__link")
    return list(rows.order_by("proposed_at", "id")[:100])


def list_entries_of(entry_ids: Iterable[int]) -> list[Entry]:
    """Return entries of the history by id. For jobs only, which tell others of them and show nobody anything."""
    return list(Entry.objects.filter(pk__in=list(entry_ids)).order_by("id"))


def find_agreements(keys: Iterable[tuple[int, int]]) -> dict[tuple[int, int], Agreement]:
    """Return the agreements by (link, year), with their links. For actions and jobs; shows nobody anything."""
    wanted = set(keys)
    rows = Agreement.objects.filter(link_id__in={link_id for link_id, _year in wanted}).select_related("link")
    return {(row.link_id, row.year): row for row in rows if (row.link_id, row.year) in wanted}


def links_between(pairs: Iterable[tuple[int, int]], on: date) -> dict[tuple[int, int], Link]:
    """Return by (unit, community) the links in force on that day. For actions; shows nobody anything."""
    wanted = set(pairs)
    rows = Link.objects.filter(periods.on(on, prefix="link__"), unit_id__in={unit for unit, _community in wanted})
    found = {(row.unit_id, row.community_id): row for row in rows.select_related("link")}
    return {pair: row for pair, row in found.items() if pair in wanted}
