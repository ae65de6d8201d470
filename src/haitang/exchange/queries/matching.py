"""What goes with what: how well a resource fits a need, why, and the best whole plan for many of both.

The weights are settings; a fit is a whole number of 0 to 100. Sentences are made here, plan and likeness in `matching`.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.core.paging import decode, encode
from haitang.core.scoping import path_of
from haitang.exchange.lifecycle import LIVE, OPEN, STANDING
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries.listed import ListFilter, filter_needs, get_need, get_resource, hours_text
from haitang.exchange.queries.rules import rules
from haitang.exchange.queries.weighing import FULL, PARTS, text_of, weigh_pairs
from haitang.exchange.values import Permission
from haitang.matching import Pair, plan, shared
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

NEEDS_MAX, RESOURCES_MAX = 2_000, 10_000
"""What one plan looks at, the most urgent needs first."""
PLAN_ROWS = 50
"""Proposals of a plan that are shown at a time."""
_WORDS_SAID = 2


@dataclass(frozen=True, slots=True)
class Fit:
    """How well a resource fits a need: the shares of 0 to 100 that each question came to, and all of it weighed."""

    category: int
    place: int
    time: int
    capacity: int
    text: int
    total: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A resource for a need, with the reasons as finished sentences. unit: who offers it."""

    need: Need
    resource: Resource
    unit: str
    community: str
    fit: Fit
    reasons: list[str]


@dataclass(frozen=True, slots=True)
class WholePlan:
    """The best plan for all open needs of an area taken together, beside what one gets who serves need after need.

    total, greedy_total: the fits of each added up. greedy_met: needs met in that way. overbooked: how often more than
    there is would be promised if each need took what is best for itself. needs, resources: how many were looked at.
    unmet: needs left over. matched: proposals of the whole plan, of which `proposals` are a page; own: those of them
    for which the viewer orders, which stand first. previous, next: cursors of the pages beside this one.
    """

    proposals: list[Proposal]
    total: int
    greedy_total: int
    greedy_met: int
    overbooked: int
    needs: int
    resources: int
    unmet: int
    matched: int
    own: int
    previous: str = ""
    next: str = ""


def fits(needs: Sequence[Need], resources: Sequence[Resource], today: date) -> dict[tuple[int, int], Fit]:
    """Return by (need, resource) how well they fit, of those pairs that come to what is worth proposing."""
    known = rules()
    weights, least = known.setting("weights"), known.setting("proposal_min")
    found = {}
    for one, other, parts, total in weigh_pairs(needs, resources, today, known, weights, least):
        for i, j, *weighed in zip(one, other, *(parts[key] for key in PARTS), total, strict=True):
            found[needs[i].pk, resources[j].pk] = Fit(*weighed)
    return found


def explain_fit(need: Need, resource: Resource, fit: Fit) -> list[str]:
    """Return why the two go together, and what does not quite, as sentences; the strongest reason first."""
    known, areas = rules(), territory()
    mine, theirs = known.category_of(need.category_id).name, known.category_of(resource.category_id).name
    said = []
    if fit.category == FULL:
        said.append(_("类别相同：%(name)s") % {"name": mine})
    elif fit.category:
        said.append(_("类别相近：需求为“%(mine)s”，资源为“%(theirs)s”") % {"mine": mine, "theirs": theirs})
    else:
        said.append(_("类别不同，但内容相似：需求为“%(mine)s”，资源为“%(theirs)s”") % {"mine": mine, "theirs": theirs})
    where = areas.full_name(resource.area_id)
    if fit.place == FULL:
        said.append(_("服务范围覆盖该处：%(area)s") % {"area": where})
    else:
        said.append(_("资源在%(area)s，需要跨区域协调") % {"area": where})
    if fit.time == FULL:
        said.append(_("时间合适：%(hours)s") % {"hours": hours_text(resource.hours)})
    else:
        said.append(_("时间部分合适：资源可在%(hours)s提供") % {"hours": hours_text(resource.hours)})
    if fit.capacity == FULL:
        said.append(_("可容纳 %(n)d 人") % {"n": need.people})
    else:
        most = {"most": resource.people_max, "n": need.people}
        said.append(_("每次最多 %(most)d 人，需求 %(n)d 人，可分次安排") % most)
    runs = shared(need.title, text_of(resource))
    if fit.text and runs:
        said.append(_("内容相近：都提到“%(words)s”") % {"words": "”“".join(runs[:_WORDS_SAID])})
    said.append(_("还可约 %(n)d 次") % {"n": resource.left})
    return said


def _proposals(pairs: Iterable[tuple[Need, Resource, Fit]]) -> list[Proposal]:
    offices = organizations()
    found = []
    for need, resource, fit in pairs:
        unit, community = offices.by_id(resource.organization_id), offices.by_id(need.organization_id)
        found.append(
            Proposal(
                need, resource, unit.name if unit else "", community.name if community else "", fit,
                explain_fit(need, resource, fit),
            )
        )  # fmt: skip
    return found


def propose_resources(*, viewer: Actor, need_id: int, today: date) -> list[Proposal]:
    """Return the resources with capacity left that fit the need best, best first, without those already ordered for it.

    Raises NeedUnknown.
    """
    need, known = get_need(viewer=viewer, need_id=need_id), rules()
    if need.status not in OPEN:
        return []
    ordered = Agreement.objects.filter(need=need, stage__in=STANDING).values("resource_id")
    resources = list(Resource.objects.free().exclude(pk__in=ordered).order_by("pk")[:RESOURCES_MAX])
    by_id = {each.pk: each for each in resources}
    ranked = sorted(fits([need], resources, today).items(), key=lambda pair: (-pair[1].total, pair[0]))
    shown = ranked[: known.setting("proposals_shown")]
    return _proposals((need, by_id[key[1]], fit) for key, fit in shown)


def propose_needs(*, viewer: Actor, resource_id: int, today: date) -> list[Proposal]:
    """Return the open needs that a resource fits best, best first, without those that it was ordered for.

    Raises ResourceUnknown.
    """
    resource, known = get_resource(viewer=viewer, resource_id=resource_id), rules()
    if resource.status not in OPEN or resource.left <= 0:
        return []
    ordered = Agreement.objects.filter(resource=resource, stage__in=STANDING, need__isnull=False).values("need_id")
    needs = list(Need.objects.filter(status__in=OPEN).exclude(pk__in=ordered).order_by("pk")[:RESOURCES_MAX])
    by_id = {each.pk: each for each in needs}
    ranked = sorted(fits(needs, [resource], today).items(), key=lambda pair: (-pair[1].total, pair[0]))
    shown = ranked[: known.setting("proposals_shown")]
    return _proposals((by_id[key[0]], resource, fit) for key, fit in shown)


def plan_matches(
    *,
    viewer: Actor,
    wanted: ListFilter,
    today: date,
    again: bool = False,
    cursor: str = "",
    limit: int | None = None,
) -> WholePlan:
    """Return the best whole plan for the open needs in the filter that no agreement stands for yet.

    Every need gets at most one resource, every resource what is left of its capacity; as many needs as can be are met,
    and then all fits added up are the most that can be had. The same on every run.
    again: needs that something stands for already take part, too, for one resource more, another one.
    cursor, limit: a page of so many proposals; None for all of them. While nothing has changed, the plan is the same
    and its pages fit together. Raises Invalid (a bad cursor).
    """
    start = decode(cursor, int)[0] if cursor else 0
    open_needs = filter_needs(viewer=viewer, wanted=wanted).filter(status__in=OPEN)
    standing = Agreement.objects.filter(stage__in=STANDING, need__isnull=False)
    if not again:
        open_needs = open_needs.exclude(pk__in=standing.filter(stage__in=LIVE).values("need_id"))
    needs = list(open_needs.order_by("wished_by", "pk")[:NEEDS_MAX])
    rows = Resource.objects.free().filter(round_id=wanted.round_id) if wanted.round_id else Resource.objects.free()
    resources = list(rows.order_by("pk")[:RESOURCES_MAX])
    found = fits(needs, resources, today)
    for pair in standing.filter(need__in=needs).values_list("need_id", "resource_id"):
        found.pop(pair, None)
    own = {each.pk for each in needs if viewer.holds(Permission.ORDER, area_path=path_of(each.area_ids))}
    return whole_plan(needs, resources, found, own=own, start=max(start, 0), limit=limit)


def whole_plan(
    needs: Sequence[Need],
    resources: Sequence[Resource],
    found: Mapping[tuple[int, int], Fit],
    *,
    own: Collection[int] = (),
    start: int = 0,
    limit: int | None = None,
) -> WholePlan:
    """Return the best whole plan of the pairs that fit. found: by (need, resource), as `fits` returns it.

    own: the needs whose proposals stand first. start, limit: which of the proposals are described, with their reasons.
    """
    best = plan(
        [Pair(need, resource, fit.total) for (need, resource), fit in found.items()],
        wanted={each.pk: 1 for each in needs}, capacity={each.pk: each.left for each in resources}, met=FULL,
    )  # fmt: skip
    need_of, resource_of = {each.pk: each for each in needs}, {each.pk: each for each in resources}
    ranked = sorted(best.matches, key=lambda match: (match.need not in own, -match.gain, match.need, match.resource))
    end = len(ranked) if limit is None else start + limit
    chosen = ranked[start:end]
    pairs = [(int(each.need), int(each.resource)) for each in chosen]
    proposals = _proposals((need_of[need], resource_of[resource], found[need, resource]) for need, resource in pairs)
    for proposal, match in zip(proposals, chosen, strict=True):
        if match.first != match.resource:
            proposal.reasons.append(
                _("单看这条需求更合适的“%(first)s”留给了“%(other)s”，整体更优")
                % {
                    "first": resource_of[int(match.first)].title,
                    "other": "”“".join(need_of[int(each)].title for each in match.first_goes_to[:_WORDS_SAID]),
                }
            )
    return WholePlan(
        proposals, best.gain, best.greedy_gain, len(best.greedy), best.overbooked, len(needs), len(resources),
        len(best.unmet), len(ranked), sum(match.need in own for match in ranked),
        encode(max(start - (limit or 0), 0)) if start else "", encode(end) if end < len(ranked) else "",
    )  # fmt: skip
