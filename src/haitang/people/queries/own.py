"""What an account consists of, for the person whose it is: all of it, in full."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from haitang.people.models import Account, ApiToken, Holding, Notice, SignIn
from haitang.people.queries.rows import list_holdings_of


@dataclass(frozen=True, slots=True)
class OwnAccount:
    """An account and its person in full. notices: how many."""

    account: Account
    holdings: Sequence[Holding]
    sign_ins: Sequence[SignIn]
    tokens: Sequence[str]
    notices: int


def get_own_account(account_id: int, today: date) -> OwnAccount | None:
    """Return everything that is held with an account, to its owner; None where there is none."""
    account = Account.objects.select_related("person").filter(pk=account_id).first()
    if account is None:
        return None
    return OwnAccount(
        account=account,
        holdings=list_holdings_of(account.person_id, today) if account.person_id else [],
        sign_ins=list(SignIn.objects.filter(account=account).order_by("-at")),
        tokens=list(ApiToken.objects.filter(account=account, revoked_at=None).values_list("name", flat=True)),
        notices=Notice.objects.filter(account=account).count(),
    )


def count_old_notices(before: datetime, limit: int) -> int:
    """Return how many notices were sent before an instant, counted up to limit."""
    return Notice.objects.filter(at__lt=before)[:limit].count()
