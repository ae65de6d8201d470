"""What the actions share: texts taken in, who may hear of it."""

from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.access import Actor
from haitang.core.errors import Invalid
from haitang.owners import queries
from haitang.owners.models import Decision, Estate
from haitang.owners.values import WORDS_LENGTH_MAX, OpenObjections, Permission


def audience_of(row: Estate | Decision) -> history.Audience:
    """Return who may hear at once of what happens to an estate or a decision."""
    return history.Audience(row.area_path, (), Permission.VIEW)


def recorded_as(actor: Actor) -> Actor:
    """Return who is to stand in the history of a ballot: the desk by name, of a voter nothing but that it was one."""
    return actor if actor.grants else Actor("业主")


def check_no_objections(decision: Decision) -> None:
    """Raise OpenObjections where somebody has objected and has no answer: a vote does not go on over that."""
    objections, _papers = queries.list_open_matters(decision)
    if objections:
        raise OpenObjections(_("还有 %(n)d 条异议没有答复") % {"n": objections})


def text_of(
    given: str, name: str, length: int = WORDS_LENGTH_MAX, *, missing: str = "", refusal: type[Invalid] = Invalid
) -> str:
    """Return what was typed without outer spaces. Raises `refusal` where it is too long, or missing and may not be."""
    given = given.replace("\x00", "").strip()
    wrong = missing if missing and not given else ""
    if len(given) > length:
        wrong = _("最多 %(n)d 字") % {"n": length}
    if wrong:
        raise refusal(wrong, {name: wrong})
    return given


def reason_of(given: str) -> str:
    """Return the reason. Raises Invalid without one."""
    return text_of(given, "reason", missing=_("请写明原因"))
