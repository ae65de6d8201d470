"""Files of people: their columns, and those that somebody has brought."""

from django.utils.translation import gettext as _

from haitang.core import crypto
from haitang.core.access import Actor
from haitang.core.schemas import ID_MAX
from haitang.core.tables import Column
from haitang.core.tables import Kind as Cell
from haitang.volunteers.models import PHONE, Volunteer, VolunteerImport
from haitang.volunteers.values import NAME_LENGTH_MAX, ImportNotFound

SHOWN = 20
_LIST_MAX = 300


def import_columns() -> tuple[Column, ...]:
    """Return the columns of a file of people: Chinese headers, the same in every language."""
    classes = {"居民": "resident", "在职": "employed", "离退休": "retired", "流动": "mobile"}
    managements = {"直管": "direct", "双向共管": "two_way", "共管": "shared", "协管": "assisted"}
    return (
        Column("name", "姓名", required=True, length_max=NAME_LENGTH_MAX),
        Column("phone", "电话", aliases=("手机", "手机号", "联系电话"), kind=Cell.PHONE, required=True),
        Column("area", "居住网格", aliases=("网格", "网格编码", "居住地网格"), required=True, length_max=100, width=30),
        Column("consent", "本人同意", kind=Cell.BOOLEAN, required=True),
        Column("unit", "单位", aliases=("工作单位",), length_max=100, width=24),
        Column("member_class", "类别", aliases=("人员类别",), choices=classes),
        Column("management", "管理方式", choices=managements),
        Column("home_branch", "所在支部", aliases=("组织关系所在支部",), length_max=100, width=24),
        Column("community_branch", "报到支部", aliases=("社区支部",), length_max=100, width=24),
        Column("skills", "技能", aliases=("特长",), length_max=_LIST_MAX, width=24),
        Column("languages", "语言", length_max=_LIST_MAX),
        Column("forces", "先锋力量", length_max=_LIST_MAX),
        Column("reach_m", "服务范围（米）", aliases=("服务范围",), kind=Cell.INTEGER),
        Column("wants_calls", "愿意应急召唤", aliases=("应急召唤",), kind=Cell.BOOLEAN),
    )


def list_imports(*, viewer: Actor) -> list[VolunteerImport]:
    """Return the viewer's files of late, the latest first."""
    rows = VolunteerImport.objects.filter(account_id=viewer.id or 0).select_related("unit")
    return list(rows.order_by("-at", "-pk")[:SHOWN])


def get_import(*, viewer: Actor, import_id: int) -> VolunteerImport:
    """Return one of the viewer's files. Raises ImportNotFound."""
    return _one(VolunteerImport.objects.select_related("unit"), viewer, import_id)


def lock_import(*, viewer: Actor, import_id: int) -> VolunteerImport:
    """Return one of the viewer's files, locked until the end of the transaction. Raises ImportNotFound."""
    return _one(VolunteerImport.objects.select_for_update(no_key=True, of=("self",)), viewer, import_id)


def _one(rows, viewer: Actor, import_id: int) -> VolunteerImport:  # type: ignore[no-untyped-def]  # a queryset
    found = rows.filter(pk=import_id, account_id=viewer.id or 0).first() if 0 < import_id <= ID_MAX else None
    if found is None:
        raise ImportNotFound(_("没有这个导入文件"))
    return found


def find_standing(phones: dict[str, bytes]) -> dict[str, str]:
    """Return the name of who stands in the register under each of these telephones; for actions.

    phones: each with its blind index. Costs one statement.
    """
    wanted = set(phones.values())
    rows = Volunteer.objects.filter(phone_index__in=wanted).values_list("name", "phone_sealed")
    found = {crypto.open_(sealed, PHONE): name for name, sealed in rows}
    return {phone: name for phone, name in found.items() if phone in phones}
