"""The sentences of `haitang.tallying.wording` for the catalogue: tallying has no Django, so its words are marked here.

A test has them be the same.
"""

from django.utils.translation import gettext_noop as _

# fmt: off
TOLD = (
    _("入选。"),
    _("参加投票的有 {voted} 人，不足规定的 {needed} 人，本次投票无效。"),
    _("{district}参加投票的有 {voted} 人，不足规定的 {needed} 人，本区域的项目不入选。"),
    _("造价 {cost}，超过全部预算 {budget}，多出 {lacking}。"),
    _("得分 {score}，未达到最低 {needed} 分，差 {lacking} 分。"),
    _("得票 {votes}，未达到最低 {needed} 票，差 {lacking} 票。"),
    _("没有人支持这个项目。"),
    _("与已入选的项目“{by}”不能同时实施。"),
    _("“{value}”一类最多使用 {most}，轮到它时只剩 {left}，造价 {cost}，差 {lacking}。"),
    _("“{value}”一类最多入选 {most} 个，已经选满。"),
    _("最多入选 {most} 个项目，已经选满。"),
    _("得分 {score}；轮到它时预算只剩 {left}，造价 {cost}，差 {lacking}。"),
    _("得分 {score}；排在它前面的“{by}”资金不足，按规则到此为止。"),
    _("{votes} 位支持者手中的份额还剩 {money}，造价 {cost}，差 {lacking}。"),
    _(
        "按均等份额可入选；但偏好得票顺序结果的有 {for_greedy} 人，"
        "多于偏好均等份额结果的 {for_shares} 人，按规则采用前者。"
    ),
    _("若再多 {points} 票（分），即可入选。"),
    _("若造价不超过 {cost}，即可入选。"),
    _("若造价不超过 {cost}，支持者即可负担。"),
    _("若再有 {voters} 位尚未用去份额的居民支持，即可负担。"),
)
# fmt: on
