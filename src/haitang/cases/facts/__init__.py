"""What can have happened to a case. Instants are ISO 8601 texts, lengths whole seconds."""

from dataclasses import dataclass
from typing import Annotated

from django.utils.translation import gettext_lazy as _

from haitang.cases.facts.catalog import CatalogLoaded as CatalogLoaded
from haitang.cases.facts.catalog import CategoriesImported as CategoriesImported
from haitang.cases.facts.catalog import CategoryChanged as CategoryChanged
from haitang.cases.facts.catalog import CategoryFormChanged as CategoryFormChanged
from haitang.cases.facts.catalog import PhraseChanged as PhraseChanged
from haitang.cases.facts.catalog import RoutingRuleChanged as RoutingRuleChanged
from haitang.cases.facts.catalog import SettingChanged as SettingChanged
from haitang.cases.facts.noting import CaseAmended as CaseAmended
from haitang.cases.facts.noting import CaseAnswered as CaseAnswered
from haitang.cases.facts.noting import CaseNoted as CaseNoted
from haitang.cases.facts.noting import noted_facts as noted_facts
from haitang.cases.facts.words import Id, OfCases, Word, Words
from haitang.cases.lifecycle import Deed
from haitang.core.privacy import Privacy


@dataclass(frozen=True)
class CaseReported(OfCases):
    """A case has come in; routing_problems are rules that matched and could not run."""

    label = _("上报")
    subject_type = "case"
    case_id: Id
    status: Word
    channel: Word
    routing_reason: Word
    routing_problems: Annotated[list[str], Privacy.INTERNAL]


@dataclass(frozen=True)
class CaseMoved(OfCases):
    """The base of every deed that leads from one state to the next.

    spent_s: how long the case had stood in the state it leaves. in_time: whether the stage's deadline held.
    """

    subject_type = "case"
    case_id: Id
    opinion: Words
    from_status: Word
    to_status: Word
    spent_s: Annotated[int, Privacy.INTERNAL]
    in_time: Annotated[bool, Privacy.INTERNAL]


@dataclass(frozen=True)
class CaseVerified(CaseMoved):
    """Somebody looked on the spot. result: exists, absent, unable."""

    label = Deed.VERIFY.label
    result: Word = "exists"


@dataclass(frozen=True)
class CaseAccepted(CaseMoved):
    """受理."""

    label = Deed.ACCEPT.label


@dataclass(frozen=True)
class CaseRefused(CaseMoved):
    """不予受理."""

    label = Deed.REFUSE.label


@dataclass(frozen=True)
class CaseRegistered(CaseMoved):
    """立案. condition: under which it was registered, where the category has several."""

    label = Deed.REGISTER.label
    condition: Word = ""


@dataclass(frozen=True)
class CaseDispatched(CaseMoved):
    """派遣: it lies on this organization's desk from now on."""

    label = Deed.DISPATCH.label
    organization_id: Annotated[int, Privacy.INTERNAL] = 0
    organization_name: Word = ""


@dataclass(frozen=True)
class CaseSigned(CaseMoved):
    """签收."""

    label = Deed.SIGN.label


@dataclass(frozen=True)
class CaseReturned(CaseMoved):
    """退回, to the dispatcher."""

    label = Deed.RETURN.label
    organization_id: Annotated[int, Privacy.INTERNAL] = 0
    organization_name: Word = ""


@dataclass(frozen=True)
class CaseHandled(CaseMoved):
    """处置."""

    label = Deed.HANDLE.label


@dataclass(frozen=True)
class CaseFedBack(CaseMoved):
    """反馈."""

    label = Deed.FEEDBACK.label


@dataclass(frozen=True)
class CaseChecked(CaseMoved):
    """核查 passed."""

    label = Deed.CHECK.label


@dataclass(frozen=True)
class CaseReworked(CaseMoved):
    """核查 failed: 返工."""

    label = Deed.REWORK.label


@dataclass(frozen=True)
class CaseClosed(CaseMoved):
    """结案. level: where it was solved, of values.Level; "" in entries older than the word.

    condition: the one that was met, where the category names any.
    """

    label = Deed.CLOSE.label
    level: Word = ""
    condition: Word = ""


@dataclass(frozen=True)
class CaseForceClosed(CaseMoved):
    """强制结案: closed by decision, with the reason in the opinion, whatever the work had come to."""

    label = Deed.FORCE_CLOSE.label


@dataclass(frozen=True)
class CaseVoided(CaseMoved):
    """作废."""

    label = Deed.VOID.label


@dataclass(frozen=True)
class CaseReopened(CaseMoved):
    """重办, by the same handler with a fresh clock."""

    label = Deed.REOPEN.label


@dataclass(frozen=True)
class CaseSettled(CaseMoved):
    """即采即办: whoever found it put it in order at once; this organization's, should it be done over.

    level: where it was solved, of values.Level.
    """

    label = Deed.SETTLE.label
    organization_id: Annotated[int, Privacy.INTERNAL] = 0
    organization_name: Word = ""
    level: Word = ""


@dataclass(frozen=True)
class CaseRated(CaseMoved):
    """The reporter has judged the result. score: 1 to 5."""

    label = Deed.RATE.label
    solved: Annotated[bool, Privacy.PERSONAL] = True
    score: Annotated[int, Privacy.PERSONAL] = 5


@dataclass(frozen=True)
class CaseReclassified(OfCases):
    """Category or area was put right. Codes of both, before and after."""

    label = _("改正分类或区域")
    subject_type = "case"
    case_id: Id
    opinion: Words
    category_before: Word
    category_after: Word
    area_before: Word
    area_after: Word


@dataclass(frozen=True)
class CaseImported(OfCases):
    """A case was taken over from another system's file, with its times.

    reported_at, closed_at, target_at: ISO 8601 texts, "" for none; target_at is the time set by that system.
    in_time: whether it was closed by then; None if it was not closed or none was set.
    opinion: what came of it there, with telephone, identity and card numbers hidden: the history forgets nothing.
    """

    label = _("导入")
    subject_type = "case"
    case_id: Id
    source: Word
    external_id: Word
    status: Word
    reported_at: Word = ""
    closed_at: Word = ""
    target_at: Word = ""
    in_time: Annotated[bool | None, Privacy.INTERNAL] = None
    opinion: Words = ""


@dataclass(frozen=True)
class CasesExported(OfCases):
    """Somebody took cases out as a table. area_id: 0 for everywhere. narrowed: what else it was narrowed by.

    unmasked: with reporters' names and telephones in full, for that reason.
    """

    label = _("导出案件")
    subject_type = "area"
    area_id: Id
    narrowed: Annotated[dict[str, str], Privacy.PERSONAL]
    unmasked: Annotated[bool, Privacy.INTERNAL]
    reason: Words


@dataclass(frozen=True)
class PhotoAdded(OfCases):
    """A photo was attached. purpose: before, after, place."""

    label = _("添加照片")
    subject_type = "case"
    case_id: Id
    attachment_id: Id
    purpose: Word


@dataclass(frozen=True)
class ReporterUnmasked(OfCases):
    """Somebody has looked at the reporter's full name, telephone and address."""

    label = _("查看联系方式")
    subject_type = "case"
    case_id: Id
    reason: Words


@dataclass(frozen=True)
class DeadlineNear(OfCases):
    """So many percent of the time allowed for the stage have gone by."""

    label = _("临近时限")
    subject_type = "case"
    case_id: Id
    stage: Word
    due_at: Word
    percent: Annotated[int, Privacy.INTERNAL] = 80


@dataclass(frozen=True)
class DeadlineMissed(OfCases):
    """The stage's deadline has passed."""

    label = _("超过时限")
    subject_type = "case"
    case_id: Id
    stage: Word
    due_at: Word


@dataclass(frozen=True)
class CasesMoved(OfCases):
    """An area went on as another version, and so many cases with it."""

    label = _("案件随区域更替")
    subject_type = "area"
    area_id: Id
    new_area_id: Id
    cases: Annotated[int, Privacy.INTERNAL]


FACT_OF: dict[Deed, type[CaseMoved]] = {
    Deed.VERIFY: CaseVerified,
    Deed.ACCEPT: CaseAccepted,
    Deed.REFUSE: CaseRefused,
    Deed.REGISTER: CaseRegistered,
    Deed.DISPATCH: CaseDispatched,
    Deed.SIGN: CaseSigned,
    Deed.RETURN: CaseReturned,
    Deed.HANDLE: CaseHandled,
    Deed.FEEDBACK: CaseFedBack,
    Deed.CHECK: CaseChecked,
    Deed.REWORK: CaseReworked,
    Deed.CLOSE: CaseClosed,
    Deed.FORCE_CLOSE: CaseForceClosed,
    Deed.VOID: CaseVoided,
    Deed.REOPEN: CaseReopened,
    Deed.RATE: CaseRated,
    Deed.SETTLE: CaseSettled,
}
DEED_OF: dict[str, Deed] = {fact.__name__: deed for deed, fact in FACT_OF.items()}
