from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from haitang.cases.facts import CaseNoted
from haitang.cases.facts.words import Words


@dataclass(frozen=True)
class RequestUpdated(CaseNoted):
    """The system through which a case was reported said more about it. opinion: in which words, numbers hidden."""

    label = _("上报方补充说明")
    told = _("您补充了说明")
    opinion: Words
