from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from haitang.core.privacy import Privacy
from haitang.territory.values import Crs, Kind, PopulationKind

Public = Privacy.PUBLIC


class Area(models.Model):
    """One version of an area: valid from a day until the day before another version takes its place.

    code, parent and path never change (a trigger keeps that): an area that gets another code or
    another parent is replaced by a new version, and so are all below it, because their paths say
    where they stand. A name may be corrected in place; the history keeps both.
    valid_to None: valid now. Changes are entered on or after the day from which they hold, so
    "valid" needs no calendar.
    path: ids from the root, "/1/23/456/". west … north: the boundary's box, in degrees.
    """

    code = models.TextField(_("编码"), db_collation="C")
    name = models.TextField(_("名称"))
    kind = models.TextField(_("类型"), choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, verbose_name=_("上级"), null=True, related_name="+")
    path = models.TextField(_("路径"), db_collation="C", unique=True)
    depth = models.SmallIntegerField(_("层级"))
    valid_from = models.DateField(_("生效日期"))
    valid_to = models.DateField(_("失效日期"), null=True)
    replaced_by = models.ForeignKey("self", models.PROTECT, verbose_name=_("由其接替"), null=True, related_name="+")
    boundary = models.JSONField(_("边界"), null=True)
    boundary_source = models.TextField(_("边界来源"), default="")
    boundary_crs = models.TextField(_("原坐标系"), choices=Crs.choices, default="")
    west = models.FloatField(_("西"), null=True)
    south = models.FloatField(_("南"), null=True)
    east = models.FloatField(_("东"), null=True)
    north = models.FloatField(_("北"), null=True)

    PRIVACY = dict.fromkeys(
        (
            "code", "name", "kind", "parent", "path", "depth", "valid_from", "valid_to", "replaced_by",
            "boundary", "boundary_source", "boundary_crs", "west", "south", "east", "north",
        ),
        Public,
    )  # fmt: skip

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], condition=Q(valid_to=None), name="territory_area_code_valid"),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")), name="territory_area_validity"
            ),
        ]
        indexes = [models.Index(fields=["parent", "code", "id"], name="territory_area_parent")]

    def __str__(self) -> str:
        return self.name


class Population(models.Model):
    """How many people or households an area counted on a day, and who says so."""

    area = models.ForeignKey(Area, models.PROTECT, verbose_name=_("区域"), related_name="+")
    kind = models.TextField(_("口径"), choices=PopulationKind.choices)
    number = models.BigIntegerField(_("数量"))
    date = models.DateField(_("统计日期"))
    source = models.TextField(_("来源"))

    PRIVACY = {"area": Public, "kind": Public, "number": Public, "date": Public, "source": Public}

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["area", "kind", "date"], name="territory_population_once"),
            models.CheckConstraint(condition=Q(number__gte=0), name="territory_population_number"),
        ]


class CodeRule(models.Model):
    """A tenant's own pattern for the codes of one kind; its rules take the place of the shipped ones of that kind.

    pattern: regular expression. strict: a code that fits no pattern is refused, otherwise warned of.
    """

    kind = models.TextField(_("类型"), choices=Kind.choices)
    pattern = models.TextField(_("规则"))
    label = models.TextField(_("说明"))
    strict = models.BooleanField(_("强制"), default=False)
    source = models.TextField(_("依据"), default="")

    PRIVACY = {
        "kind": Privacy.INTERNAL, "pattern": Privacy.INTERNAL, "label": Privacy.INTERNAL,
        "strict": Privacy.INTERNAL, "source": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "pattern"], name="territory_coderule_once")]
