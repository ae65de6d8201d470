"""What was typed, as actions take it in: texts within bounds, days within reach; what is wrong is said at its field."""

from datetime import date

from django.utils.translation import gettext as _

from haitang.core.errors import Invalid

YEARS_AWAY_MAX = 10
"""Nothing is planned or entered further away than this."""


def text_of(given: str, name: str, length: int, *, missing: str = "", refusal: type[Invalid] = Invalid) -> str:
    """Return what was typed without outer spaces. Raises `refusal` where it is too long, or missing and may not be."""
    given = given.replace("\x00", "").strip()
    wrong = missing if missing and not given else ""
    if len(given) > length:
        wrong = _("最多 %(n)d 字") % {"n": length}
    if wrong:
        raise refusal(wrong, {name: wrong})
    return given


def day_of(given: date, name: str, today: date, *, past: bool = False, refusal: type[Invalid] = Invalid) -> date:
    """Return the day. Raises `refusal` where it is years away, or, of what has happened, still to come."""
    wrong = ""
    if past and given > today:
        wrong = _("日期不能晚于今天")
    elif abs(given.year - today.year) > YEARS_AWAY_MAX:
        wrong = _("日期超出范围")
    if wrong:
        raise refusal(wrong, {name: wrong})
    return given
