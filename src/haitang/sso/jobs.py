"""What single sign-on does when something has happened elsewhere. Every job may run twice."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.people.facts import AccountErased
from haitang.sso import actions

SINGLE_SIGN_ON = system("统一登录")


@reacts_to(AccountErased)
@app.task(queue="default", name="sso.forget_erased")
def forget_erased(*, account_id: int, **_: object) -> None:
    """Forget the identities of an account that was erased."""
    actions.forget_identities(actor=SINGLE_SIGN_ON, account_id=account_id, now=clock.now())
