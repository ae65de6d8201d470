"""What codes of areas look like: refused when unusable, warned of when unusual."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haitang.territory.values.words import InvalidCode, Kind

_USABLE = re.compile(r"[0-9A-Za-z_-]{1,40}")
# Digits that each level takes of a statistical code. Source: 统计用区划代码编制规则（国家统计局）.
_OWN_DIGITS = {
    "province": 2, "city": 4, "district": 6,
    "street": 9, "town": 9, "township": 9, "community": 12, "village": 12,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class CodeRule:
    """A pattern that codes of one kind should fit; strict ones refuse, the others warn."""

    kind: str
    pattern: str
    label: str
    strict: bool
    source: str = ""


def check_code(kind: str, code: str, rules: tuple[CodeRule, ...]) -> None:
    """Raise InvalidCode for unusable characters, or where the kind has strict rules and none of its rules fits."""
    if not _USABLE.fullmatch(code):
        raise InvalidCode(_("编码应为 1 至 40 位数字、字母、横线或下划线"), {"code": _("编码格式不正确")})
    own = [rule for rule in rules if rule.kind == kind]
    if any(rule.strict for rule in own) and not _fits(code, own):
        raise InvalidCode(
            _("%(kind)s编码“%(code)s”不符合规则：%(rules)s")
            % {"kind": Kind(kind).label, "code": code, "rules": "；".join(rule.label for rule in own)},
            {"code": _("编码不符合规则")},
        )


def code_warnings(
    kind: str, code: str, parent_kind: str | None, parent_code: str | None, rules: tuple[CodeRule, ...]
) -> list[str]:
    """Return sentences on what is unusual about a code: its form, and digits that differ from the parent's.

    Functional zones, merged towns and renumbered districts make honest exceptions, so these never refuse.
    """
    found = []
    own = [rule for rule in rules if rule.kind == kind]
    if own and not _fits(code, own):
        found.append(
            _("%(kind)s编码“%(code)s”与通行规则不同：%(rules)s")
            % {"kind": Kind(kind).label, "code": code, "rules": "；".join(rule.label for rule in own)}
        )
    digits = _OWN_DIGITS.get(parent_kind or "")
    if digits and parent_code and parent_code[:digits].isdigit() and not code.startswith(parent_code[:digits]):
        found.append(
            _("编码“%(code)s”的前 %(digits)d 位与上级编码“%(parent)s”不一致，请核对")
            % {"code": code, "digits": digits, "parent": parent_code}
        )
    return found


def _fits(code: str, rules: list[CodeRule]) -> bool:
    return any(re.search(rule.pattern, code) for rule in rules)
