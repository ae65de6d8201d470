"""The words in which residents are told about their case, and what a visitor's session may hold."""

from django.utils.translation import gettext_lazy as _

FOLLOWED_MAX = 20
"""How many cases a visitor's session remembers having opened with their query codes."""
RAW_LENGTH_MAX = 10_000
"""Of what was typed and not yet accepted, so much of each field is kept for the next look at the form."""

AGAIN_SALT = "portal.again"
"""Under it an account is shown its own earlier cases, to which it may add what it has written."""
VOICE_SALT = "portal.voice"
"""Under it the cases are sealed that a visitor is shown and may say "me too" on: their ids stay with the office."""

STATUS_WORDS = {
    "verifying": _("已收到，正在核实"),
    "reported": _("已核实，等待受理"),
    "accepted": _("已受理，正在立案"),
    "registered": _("已立案，正在安排承办单位"),
    "dispatched": _("已安排承办单位，等待签收"),
    "handling": _("承办单位正在处理"),
    "handled": _("现场已处理，正在答复"),
    "checking": _("已答复，正在核查"),
    "checked": _("核查通过，即将结案"),
    "closed": _("已结案，请您评价"),
    "rated": _("已结案，您已评价"),
    "refused": _("不予受理"),
    "voided": _("已作废"),
}
STATUS_COLOURS = {"closed": "green", "rated": "green", "refused": "grey", "voided": "grey"}

PROGRESS = [
    (_("已提交"), {"verifying", "reported"}),
    (_("已受理"), {"accepted", "registered", "dispatched"}),
    (_("处理中"), {"handling", "handled", "checking", "checked"}),
    (_("已结案"), {"closed", "rated"}),
]
"""The four steps by which a resident reads the course of a case, each with the states that belong to it."""

STEP_WORDS = {
    "CaseReported": _("您提交了上报"),
    "CaseImported": _("由原系统转入"),
    "CaseVerified": _("已到现场核实"),
    "CaseAccepted": _("已受理"),
    "CaseRefused": _("不予受理"),
    "CaseRegistered": _("已立案"),
    "CaseDispatched": _("已安排承办单位"),
    "CaseSigned": _("承办单位已签收，开始处理"),
    "CaseReturned": _("正在重新确定承办单位"),
    "CaseHandled": _("现场处理完成"),
    "CaseFedBack": _("答复处理结果"),
    "CaseAnswered": _("答复处理结果"),
    "CaseChecked": _("核查通过"),
    "CaseReworked": _("核查未通过，要求重新处理"),
    "CaseClosed": _("已结案"),
    "CaseVoided": _("已作废"),
    "CaseReopened": _("重新办理"),
    "CaseRated": _("您作了评价"),
}
STEP_COLOURS = {
    "CaseFedBack": "green", "CaseClosed": "green", "CaseRated": "green", "CaseRefused": "orange",
    "CaseReopened": "orange", "CaseReworked": "orange",
}  # fmt: skip

PLANNED_WORDS = {
    "accept": _("答复是否受理"),
    "handle": _("处理完成"),
    "check": _("核查办结"),
}
"""The deadlines that mean something to a resident, in the order in which they come."""

SCORE_WORDS = [
    (5, _("很满意")),
    (4, _("满意")),
    (3, _("一般")),
    (2, _("不满意")),
    (1, _("很不满意")),
]
