"""The demo's passwords are public: an installation in use must not let anybody sign in with them."""

from django.contrib.auth import get_user_model

from haitang.demo import staff


def open_accounts() -> list[str]:
    """Return the sign-in names of the demo's accounts that are here, switched on, with the demo's password."""
    found = get_user_model().objects.filter(username__in=staff.SHOWN, is_active=True).order_by("pk")
    return [account.username for account in found if account.check_password(staff.PASSWORD)]
