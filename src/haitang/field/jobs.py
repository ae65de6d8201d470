"""What follows from news of lower apps, and the clock's own work: keys end with the account's sign-in, or with time."""

from procrastinate.contrib.django import app

from haitang.core import clock
from haitang.core.access import system
from haitang.core.history import reacts_to
from haitang.field import actions
from haitang.people.facts import AccountSwitchedOff, PasswordReset

_ACTOR = system("外勤页")


@reacts_to(AccountSwitchedOff, PasswordReset)
@app.task(queue="default", name="field.forget_phones_of_account")
def forget_phones_of_account(*, account_id: int, **_: object) -> None:
    """Make unreadable what is left on the phones of an account that was switched off or may be in wrong hands."""
    actions.forget_phones_of(actor=_ACTOR, account_id=account_id, now=clock.now())


@app.periodic(cron="40 3 * * *")
@app.task(queueing_lock="field.forget_expired_phones", name="field.forget_expired_phones", pass_context=False)
def forget_expired_phones(timestamp: int) -> None:
    """Every night: destroy the keys whose time is up."""
    actions.forget_expired_phones(actor=_ACTOR, now=clock.now())
