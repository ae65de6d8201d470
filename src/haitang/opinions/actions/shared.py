"""What the actions on conversations share."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from haitang.core import history
from haitang.core.privacy import mask_text
from haitang.opinions.models import Conversation
from haitang.opinions.values import SEEDS_MAX, STATEMENT_LENGTH_MAX, BadConversation, Permission


def audience_of(conversation: Conversation) -> history.Audience:
    """Return who may hear at once of what happens to a conversation."""
    return history.Audience(conversation.area_path, (), Permission.VIEW)


def text_of(given: str, name: str, length: int, *, missing: str = "") -> str:
    """Return what was typed without outer spaces. Raises BadConversation where it is too long, or missing."""
    given = given.replace("\x00", "").strip()
    wrong = missing if missing and not given else ""
    if len(given) > length:
        wrong = _("最多 %(n)d 字") % {"n": length}
    if wrong:
        raise BadConversation(wrong, {name: wrong})
    return given


def statement_of(given: str, name: str = "words") -> str:
    """Return a statement in one line. Raises BadConversation where it names numbers of people, too."""
    words = text_of(" ".join(given.split()), name, STATEMENT_LENGTH_MAX, missing=_("请写一句话"))
    if mask_text(words)[1]:
        wrong = _("请去掉电话、证件号码和邮箱")
        raise BadConversation(wrong, {name: wrong})
    return words


def seeds_of(given: Sequence[str]) -> list[str]:
    """Return statements to begin with, each once. Raises BadConversation."""
    words = list(dict.fromkeys(statement_of(each, "seeds") for each in given if each.strip()))
    if len(words) > SEEDS_MAX:
        wrong = _("一次最多 %(n)d 条") % {"n": SEEDS_MAX}
        raise BadConversation(wrong, {"seeds": wrong})
    return words
