"""What goes with what: how well a resource fits a need, why, and the best whole plan for many of both.

The weights are settings; a fit is a whole number of 0 to 100. Sentences are made here, plan and likeness in `matching`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from django.utils.translation import gettext as _

from haitang.core.access import Actor
from haitang.exchange.lifecycle import LIVE, OPEN, STANDING
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.queries.listed import ListFilter, filter_needs, get_need, get_resource, hours_text
from haitang.exchange.queries.rules import Rules, rules
from haitang.exchange.values import Hours
from haitang.matching import Pair, plan, shared, similarities
from haitang.organizations.queries import organizations
from haitang.territory.queries import territory

FULL = 100
GROUP_SHARE = 40
"""Of the weight of the category, for another category of the same group."""
NEEDS_MAX, RESOURCES_MAX = 2_000, 10_000
"""What one plan looks at, the most urgent needs first."""
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
    unmet: needs left over.
    """

    proposals: list[Proposal]
    total: int
    greedy_total: int
    greedy_met: int
    overbooked: int
    needs: int
    resources: int
    unmet: int


def _text(row: Need | Resource) -> str:
    return f"{row.title} {row.words}"


def _place(need: Need, resource: Resource) -> int:
    """Return how near a resource's area is: all where it holds the need's area, less for every level in between."""
    here, there = need.area_ids, resource.area_ids
    shared = 0
    for one, other in zip(here, there, strict=False):
        if one != other:
            break
        shared += 1
    if shared in (len(there), len(here)):
        return FULL
    return FULL * shared // max(len(there), 1) if shared else 0


def _time(need: Need, resource: Resource, today: date) -> int:
    """Return whether the days meet, and how much of the need's hours the resource has."""
    last = need.wished_by if need.wished_by and need.wished_by >= today else None
    if resource.until_date and resource.until_date < today:
        return 0
    if last and resource.from_date and resource.from_date > last:
        return 0
    wanted, offered = set(need.hours or Hours.values), set(resource.hours or Hours.values)
    return FULL * len(wanted & offered) // len(wanted)


def _capacity(need: Need, resource: Resource) -> int:
    return min(FULL, FULL * resource.people_max // need.people) if resource.people_max else FULL


def weigh(parts: Mapping[str, int], weights: Mapping[str, int]) -> int:
    """Return the parts, each 0 to 100, weighed into one number of 0 to 100."""
    return sum(parts[key] * weight for key, weight in weights.items()) // sum(weights.values())


def fits(needs: Sequence[Need], resources: Sequence[Resource], today: date) -> dict[tuple[int, int], Fit]:
    """Return by (need, resource) how well they fit, of those pairs that come to what is worth proposing."""
    known, found = rules(), {}
    weights, least = known.setting("weights"), known.setting("proposal_min")
    category, text = _categories(needs, resources, known), _likenesses(needs, resources)
    # A bound first, for all pairs at once: of most of them nothing else has to be asked.
    others = sum(weight for key, weight in weights.items() if key not in ("category", "text"))
    best = (category * weights["category"] + text * weights["text"] + FULL * others) // sum(weights.values())
    for i, j in np.argwhere(best >= least).tolist():
        need, resource = needs[i], resources[j]
        time = _time(need, resource, today)
        if not time:
            continue
        parts = {
            "category": int(category[i, j]), "place": _place(need, resource), "time": time,
            "capacity": _capacity(need, resource), "text": int(text[i, j]),
        }  # fmt: skip
        total = weigh(parts, weights)
        if total >= least:
            found[need.pk, resource.pk] = Fit(**parts, total=total)
    return found


def _categories(needs: Sequence[Need], resources: Sequence[Resource], known: Rules) -> np.ndarray:
    """Return for each need and resource how near their categories are: the same, of one group, or neither."""
    groups: dict[str, int] = {}
    group_of = {each.id: groups.setdefault(each.group, len(groups)) for each in known.categories}
    mine = np.array([each.category_id for each in needs], dtype=np.int64)
    theirs = np.array([each.category_id for each in resources], dtype=np.int64)
    my_group = np.array([group_of[each.category_id] for each in needs], dtype=np.int64)
    their_group = np.array([group_of[each.category_id] for each in resources], dtype=np.int64)
    near = np.where(my_group[:, None] == their_group[None, :], GROUP_SHARE, 0)
    return np.where(mine[:, None] == theirs[None, :], FULL, near)


def _likenesses(needs: Sequence[Need], resources: Sequence[Resource]) -> np.ndarray:
    """Return for each need and resource how alike their words are, 0 to 100."""
    alike = similarities([_text(each) for each in needs], [_text(each) for each in resources])
    found = np.zeros((len(needs), len(resources)), dtype=np.int64)
    found[alike.one, alike.other] = np.rint(FULL * alike.likeness).astype(np.int64)
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
    runs = shared(need.title, _text(resource))
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


def plan_matches(*, viewer: Actor, wanted: ListFilter, today: date, again: bool = False) -> WholePlan:
    """Return the best whole plan for the open needs in the filter that no agreement stands for yet.

    Every need gets at most one resource, every resource what is left of its capacity; as many needs as can be are met,
    and then all fits added up are the most that can be had. The same on every run.
    again: needs that something stands for already take part, too, for one resource more, another one.
    """
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
    best = plan(
        [Pair(need, resource, fit.total) for (need, resource), fit in found.items()],
        wanted={each.pk: 1 for each in needs}, capacity={each.pk: each.left for each in resources}, met=FULL,
    )  # fmt: skip
    need_of, resource_of = {each.pk: each for each in needs}, {each.pk: each for each in resources}
    chosen = sorted(best.matches, key=lambda match: (-match.gain, match.need, match.resource))
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
        len(best.unmet),
    )  # fmt: skip
