"""What single sign-on does when something has happened elsewhere. Every job may run twice."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.history import reacts_to
from haitang.people.facts import AccountErased
from haitang.sso import actions
from haitang.sso.values import SINGLE_SIGN_ON


@reacts_to(AccountErased)
@app.task(queue="default", name="sso.forget_erased")
def forget_erased(*, account_id: int, **_: object) -> None:
    """Forget the identities of an account that was erased."""
    actions.forget_identities(actor=SINGLE_SIGN_ON, account_id=account_id, now=clock.now())


@app.periodic(cron="40 18 * * *")
@app.task(queue="clock", name="sso.tidy", queueing_lock="sso.tidy", pass_context=False)
def tidy(timestamp: int) -> None:
    """Once a night (02:40 in Shanghai): remove what was given to systems and has ended."""
    actions.tidy_single_sign_on(actor=SINGLE_SIGN_ON, now=clock.now())
