"""What everybody keeps for their own desk. Leaves no facts: nobody else is concerned, and nobody looks on."""

from datetime import datetime
from urllib.parse import parse_qsl, urlencode

from django.db import transaction
from django.utils.translation import gettext as _

from haitang.cases import queries as case_queries
from haitang.cases.lifecycle import Deed
from haitang.core.access import Actor
from haitang.core.errors import NotSignedIn
from haitang.office.models import OwnPhrase, SavedFilter, Watch
from haitang.office.values import (
    FILTER_NAME_LENGTH_MAX,
    FILTERS_MAX,
    PHRASE_LENGTH_MAX,
    PHRASES_MAX,
    PINNED_MAX,
    WATCHED_MAX,
    NotKept,
    TooManyKept,
)
from haitang.people.queries import lock_account
from haitang.people.values import clean_text

_QUERY_LENGTH_MAX = 1000


def _owner(actor: Actor) -> int:
    """Return the account's id, its row locked, so that two of its pages cannot keep one too many."""
    if actor.id is None:
        raise NotSignedIn(_("请先登录"))
    return lock_account(actor.id).pk


@transaction.atomic
def add_own_phrase(*, actor: Actor, deed: Deed, text: str, now: datetime) -> OwnPhrase:
    """Offer the actor this text whenever an opinion on that deed is asked for; the same text again changes nothing.

    Raises NotSignedIn, Invalid, TooManyKept.
    """
    owner = _owner(actor)
    text = clean_text(text, field="text", label=_("内容"), length_max=PHRASE_LENGTH_MAX)
    present = OwnPhrase.objects.filter(account_id=owner)
    same = present.filter(deed=deed.value, text=text).first()
    if same is not None:
        return same
    if present.count() >= PHRASES_MAX:
        raise TooManyKept(_("个人常用语最多 %(n)d 条，请先删除不用的") % {"n": PHRASES_MAX})
    return OwnPhrase.objects.create(account_id=owner, deed=deed.value, text=text)


@transaction.atomic
def remove_own_phrase(*, actor: Actor, phrase_id: int, now: datetime) -> None:
    """No longer offer one of the actor's own texts. Raises NotSignedIn, NotKept."""
    if not OwnPhrase.objects.filter(account_id=_owner(actor), pk=phrase_id).delete()[0]:
        raise NotKept(_("没有这条常用语"))


@transaction.atomic
def save_filter(*, actor: Actor, name: str, query: str, now: datetime) -> SavedFilter:
    """Keep a list of cases under a name; a name that is there already gets the new conditions.

    query: the list's address after the question mark; the page turned to is left out.
    Raises NotSignedIn, Invalid, TooManyKept.
    """
    owner = _owner(actor)
    name = clean_text(name, field="name", label=_("名称"), length_max=FILTER_NAME_LENGTH_MAX)
    query = clean_text(_tidied(query), field="query", label=_("筛选条件"), length_max=_QUERY_LENGTH_MAX)
    present = SavedFilter.objects.filter(account_id=owner)
    if not present.filter(name=name).exists() and present.count() >= FILTERS_MAX:
        raise TooManyKept(_("最多保存 %(n)d 个筛选，请先删除不用的") % {"n": FILTERS_MAX})
    saved, _made = SavedFilter.objects.update_or_create(account_id=owner, name=name, defaults={"query": query})
    return saved


def _tidied(query: str) -> str:
    pairs = [(key, value) for key, value in parse_qsl(query, max_num_fields=30) if key != "cursor" and value]
    return urlencode(pairs)


@transaction.atomic
def pin_filter(*, actor: Actor, filter_id: int, is_pinned: bool, now: datetime) -> SavedFilter:
    """Show one of the actor's lists on the desk, or no longer. Raises NotSignedIn, NotKept, TooManyKept."""
    owner = _owner(actor)
    saved = SavedFilter.objects.filter(account_id=owner, pk=filter_id).first()
    if saved is None:
        raise NotKept(_("没有这个筛选"))
    others = SavedFilter.objects.filter(account_id=owner, is_pinned=True).exclude(pk=filter_id)
    if is_pinned and others.count() >= PINNED_MAX:
        raise TooManyKept(_("首页最多显示 %(n)d 个筛选") % {"n": PINNED_MAX})
    saved.is_pinned = is_pinned
    saved.save(update_fields=["is_pinned"])
    return saved


@transaction.atomic
def remove_filter(*, actor: Actor, filter_id: int, now: datetime) -> None:
    """Forget one of the actor's lists. Raises NotSignedIn, NotKept."""
    if not SavedFilter.objects.filter(account_id=_owner(actor), pk=filter_id).delete()[0]:
        raise NotKept(_("没有这个筛选"))


@transaction.atomic
def watch_case(*, actor: Actor, case_id: int, now: datetime) -> Watch:
    """Tell the actor of every step of the case from now on (关注). Raises NotSignedIn, CaseNotFound, TooManyKept."""
    owner = _owner(actor)
    case_queries.get_case(viewer=actor, case_id=case_id)
    others = Watch.objects.filter(account_id=owner).exclude(case_id=case_id)
    if others.count() >= WATCHED_MAX:
        raise TooManyKept(_("最多关注 %(n)d 个案件，请先取消已办完的") % {"n": WATCHED_MAX})
    return Watch.objects.get_or_create(account_id=owner, case_id=case_id, defaults={"since": now})[0]


@transaction.atomic
def unwatch_case(*, actor: Actor, case_id: int, now: datetime) -> None:
    """Tell the actor of the case no longer; nothing happens where it was not watched. Raises NotSignedIn."""
    Watch.objects.filter(account_id=_owner(actor), case_id=case_id).delete()
