"""Reasons as sentences: the words in Chinese, whoever shows them brings the translation and the form of money."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from haitang.tallying.explaining import Explanation
from haitang.tallying.terms import Number, Reason, Why

SENTENCES: Mapping[Why, str] = {
    Why.CHOSEN: "入选。",
    Why.TURNOUT: "参加投票的有 {voted} 人，不足规定的 {needed} 人，本次投票无效。",
    Why.DISTRICT_TURNOUT: "{district}参加投票的有 {voted} 人，不足规定的 {needed} 人，本区域的项目不入选。",
    Why.TOO_DEAR: "造价 {cost}，超过全部预算 {budget}，多出 {lacking}。",
    Why.FEW_POINTS: "得分 {score}，未达到最低 {needed} 分，差 {lacking} 分。",
    Why.FEW_VOTES: "得票 {votes}，未达到最低 {needed} 票，差 {lacking} 票。",
    Why.NO_VOTES: "没有人支持这个项目。",
    Why.EXCLUDED: "与已入选的项目“{by}”不能同时实施。",
    Why.CAP_COST: "“{value}”一类最多使用 {most}，轮到它时只剩 {left}，造价 {cost}，差 {lacking}。",
    Why.CAP_COUNT: "“{value}”一类最多入选 {most} 个，已经选满。",
    Why.FULL: "最多入选 {most} 个项目，已经选满。",
    Why.NO_ROOM: "得分 {score}；轮到它时预算只剩 {left}，造价 {cost}，差 {lacking}。",
    Why.ENDED: "得分 {score}；排在它前面的“{by}”资金不足，按规则到此为止。",
    Why.SUPPORTERS_SHORT: "{votes} 位支持者手中的份额还剩 {money}，造价 {cost}，差 {lacking}。",
    Why.COMPARED: (
        "按均等份额可入选；但偏好得票顺序结果的有 {for_greedy} 人，"
        "多于偏好均等份额结果的 {for_shares} 人，按规则采用前者。"
    ),
}
"""What is said of each reason; `{…}` are its numbers."""
ENOUGH_POINTS = "若再多 {points} 票（分），即可入选。"
ENOUGH_COST = "若造价不超过 {cost}，即可入选。"
ENOUGH_PAYABLE = "若造价不超过 {cost}，支持者即可负担。"
ENOUGH_VOTERS = "若再有 {voters} 位尚未用去份额的居民支持，即可负担。"
_MONEY = frozenset({"cost", "budget", "left", "money", "share"})
_MONEY_BY_REASON = {Why.TOO_DEAR, Why.NO_ROOM, Why.CAP_COST, Why.SUPPORTERS_SHORT}
"""Reasons whose `lacking` is an amount; `most` is one under CAP_COST."""


def yuan(unit: int) -> Callable[[Fraction], str]:
    """Return how an amount in smallest units is written in 元, to the cent where it is not whole."""

    def written(amount: Fraction) -> str:
        whole = amount / unit
        return f"{int(whole):,} 元" if whole.denominator == 1 else f"{float(whole):,.2f} 元"

    return written


def tell(
    reason: Reason, money: Callable[[Fraction], str], *,
    names: Mapping[str, str] | None = None, translate: Callable[[str], str] = str,
) -> str:  # fmt: skip
    """Return a reason as a sentence. names: of projects, by id, where a reason names another one."""

    def shown(key: str, number: Number) -> str:
        if key == "by":
            return (names or {}).get(str(number), str(number))
        is_money = key in _MONEY or (key == "lacking" and reason.why in _MONEY_BY_REASON)
        is_money = is_money or (key == "most" and reason.why is Why.CAP_COST)
        return money(Fraction(number)) if is_money and not isinstance(number, str) else str(number)

    return translate(SENTENCES[reason.why]).format(
        **{key: shown(key, number) for key, number in reason.numbers.items()}
    )


def tell_all(
    explanation: Explanation, money: Callable[[Fraction], str], *,
    names: Mapping[str, str] | None = None, translate: Callable[[str], str] = str,
) -> str:  # fmt: skip
    """Return what became of a project and what would have been enough, as one text."""
    sentences = [tell(explanation.fate.reason, money, names=names, translate=translate)]
    payable = explanation.fate.reason.why is Why.SUPPORTERS_SHORT
    if explanation.points is not None:
        sentences.append(translate(ENOUGH_POINTS).format(points=explanation.points))
    if explanation.cost is not None:
        words = ENOUGH_PAYABLE if payable else ENOUGH_COST
        sentences.append(translate(words).format(cost=money(Fraction(explanation.cost))))
    if explanation.voters is not None:
        sentences.append(translate(ENOUGH_VOTERS).format(voters=explanation.voters))
    return "".join(sentences)
