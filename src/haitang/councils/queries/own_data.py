"""What deliberation holds about who raised, asked and stands on a list: the port of `privacy`."""

from django.urls import reverse
from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.councils.lifecycle import DrawStatus, QuestionStatus, TopicStatus
from haitang.councils.models import CANDIDATE, DrawCandidate, Member, Question, Topic
from haitang.privacy.values import Asker, Item, told


def held_of_speaker(asker: Asker) -> list[Item]:
    """Return what is held about the asker: what they raised and asked, lists of draws, seats of councils."""
    if asker.account_id is None:
        return []
    waits = _("还没有答复，答复后可以删除")
    topics = [
        Item(
            f"{row.number} {row.title}", told((_("说明"), row.words), (_("状态"), row.get_status_display())),
            row.raised_at, reverse("councils:topic", args=[row.pk]),
            waits if row.status == TopicStatus.WAITING else "",
        )
        for row in Topic.objects.filter(author_id=asker.account_id).order_by("-raised_at", "-id")
    ]  # fmt: skip
    questions = [
        Item(
            row.number, told((_("提问"), row.words), (_("答复"), row.answer)), row.asked_at,
            reverse("councils:question", args=[row.pk]), waits if row.status == QuestionStatus.WAITING else "",
        )
        for row in Question.objects.filter(asker_id=asker.account_id).order_by("-asked_at", "-id")
    ]  # fmt: skip
    listed = DrawCandidate.objects.filter(account_id=asker.account_id).select_related("draw").order_by("-id")
    draws = [
        Item(
            f"{row.draw.title} {row.number}",
            told((_("姓名和联系方式"), crypto.open_(row.who_sealed, CANDIDATE).replace("\n", " ")),
                 (_("小区"), row.area_name), (_("年龄段"), row.get_age_band_display())),
            kept="" if row.draw.status == DrawStatus.DRAWN else _("还没有抽选，抽选后可以删除"),
        )
        for row in listed
    ]  # fmt: skip
    seats = Member.objects.filter(account_id=asker.account_id).select_related("council").order_by("-from_date", "-id")
    sits = [
        Item(str(row.council), told((_("姓名"), row.name)), kept=_("议事会成员名单是公开的工作记录，依法保留"))
        for row in seats
    ]
    return [*topics, *questions, *draws, *sits]
