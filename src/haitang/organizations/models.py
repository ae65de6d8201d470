from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from haitang.core import periods
from haitang.core.access import Actor
from haitang.core.privacy import Privacy
from haitang.organizations.values import AreaRelation, Hierarchy, Kind, OrganizationRelation, PostKind


class OrganizationRows(models.QuerySet["Organization"]):
    """Organizations as rows."""

    def visible_to(self, viewer: Actor) -> "OrganizationRows":
        """Narrow to what the viewer may see: everything for whoever is signed in, nothing for a visitor."""
        return self if viewer.is_known else self.none()


class Organization(models.Model):
    """One body that can answer for something: a committee, a department, a community, a company.

    A change of name keeps the row; a merger closes it and creates another. phone: of the office, public.
    """

    code = models.TextField(_("代码"), db_collation="C")
    name = models.TextField(_("名称"))
    short_name = models.TextField(_("简称"))
    kind = models.TextField(_("类别"), choices=Kind)
    credit_code = models.TextField(_("统一社会信用代码"))
    phone = models.TextField(_("办公电话"))
    calendar = models.ForeignKey(
        "worktime.Calendar", models.PROTECT, null=True, related_name="+", verbose_name=_("工作日历")
    )
    valid_from = models.DateField(_("启用日期"))
    valid_to = models.DateField(_("停用日期"), null=True)

    PRIVACY = {
        "code": Privacy.PUBLIC, "name": Privacy.PUBLIC, "short_name": Privacy.PUBLIC, "kind": Privacy.PUBLIC,
        "credit_code": Privacy.PUBLIC, "phone": Privacy.PUBLIC, "calendar": Privacy.INTERNAL,
        "valid_from": Privacy.PUBLIC, "valid_to": Privacy.PUBLIC,
    }  # fmt: skip

    objects = OrganizationRows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["code"], name="organizations_organization_code"),
            models.UniqueConstraint(
                fields=["credit_code"], condition=~Q(credit_code=""), name="organizations_organization_credit_code"
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="organizations_organization_kind"),
            periods.in_order(name="organizations_organization_period", from_field="valid_from", to_field="valid_to"),
        ]
        indexes = [models.Index(fields=["kind", "code"], name="organizations_kind_code")]

    def __str__(self) -> str:
        return self.short_name or self.name


class Subordination(models.Model):
    """Which organization stands under which, in one hierarchy, over a period.

    One parent per hierarchy at a time, and nobody above itself on any day; a trigger keeps the latter.
    """

    hierarchy = models.TextField(_("体系"), choices=Hierarchy)
    child = models.ForeignKey(Organization, models.PROTECT, related_name="parents", verbose_name=_("单位"))
    parent = models.ForeignKey(Organization, models.PROTECT, related_name="children", verbose_name=_("上级单位"))
    from_date = models.DateField(_("起始日期"))
    to_date = models.DateField(_("终止日期"), null=True)

    PRIVACY = {
        "hierarchy": Privacy.INTERNAL, "child": Privacy.INTERNAL, "parent": Privacy.INTERNAL,
        "from_date": Privacy.INTERNAL, "to_date": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            *(
                periods.one_at_a_time(
                    name=f"organizations_subordination_{each}", per=["child"], where=Q(hierarchy=each.value)
                )
                for each in Hierarchy
            ),
            models.CheckConstraint(
                condition=Q(hierarchy__in=Hierarchy.values), name="organizations_subordination_hierarchy"
            ),
            models.CheckConstraint(condition=~Q(child=F("parent")), name="organizations_subordination_self"),
            periods.in_order(name="organizations_subordination_period"),
        ]


class AreaLink(models.Model):
    """What an organization is to an area, over a period."""

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="areas", verbose_name=_("单位"))
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name=_("区域"))
    relation = models.TextField(_("关系"), choices=AreaRelation)
    from_date = models.DateField(_("起始日期"))
    to_date = models.DateField(_("终止日期"), null=True)

    PRIVACY = {
        "organization": Privacy.INTERNAL, "area": Privacy.INTERNAL, "relation": Privacy.INTERNAL,
        "from_date": Privacy.INTERNAL, "to_date": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            *(
                periods.one_at_a_time(
                    name=f"organizations_arealink_{each}", per=["organization", "area"], where=Q(relation=each.value)
                )
                for each in AreaRelation
            ),
            models.CheckConstraint(
                condition=Q(relation__in=AreaRelation.values), name="organizations_arealink_relation"
            ),
            periods.in_order(name="organizations_arealink_period"),
        ]


class OrganizationLink(models.Model):
    """What two organizations are to each other outside the hierarchies, over a period.

    A relation that reads the same from both ends is kept once, the lower id as `one`.
    """

    one = models.ForeignKey(Organization, models.PROTECT, related_name="links", verbose_name=_("单位"))
    other = models.ForeignKey(Organization, models.PROTECT, related_name="links_back", verbose_name=_("对方单位"))
    relation = models.TextField(_("关系"), choices=OrganizationRelation)
    from_date = models.DateField(_("起始日期"))
    to_date = models.DateField(_("终止日期"), null=True)

    PRIVACY = {
        "one": Privacy.INTERNAL, "other": Privacy.INTERNAL, "relation": Privacy.INTERNAL,
        "from_date": Privacy.INTERNAL, "to_date": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            *(
                periods.one_at_a_time(
                    name=f"organizations_link_{each}", per=["one", "other"], where=Q(relation=each.value)
                )
                for each in OrganizationRelation
            ),
            models.CheckConstraint(
                condition=Q(relation__in=OrganizationRelation.values), name="organizations_link_relation"
            ),
            models.CheckConstraint(condition=~Q(one=F("other")), name="organizations_link_self"),
            periods.in_order(name="organizations_link_period"),
        ]


class Post(models.Model):
    """A seat in an organization, whoever sits on it: that is said in people.

    area: the duty area; a grid worker's post is for one grid.
    """

    organization = models.ForeignKey(Organization, models.PROTECT, related_name="posts", verbose_name=_("单位"))
    title = models.TextField(_("岗位名称"))
    kind = models.TextField(_("岗位类别"), choices=PostKind)
    area = models.ForeignKey("territory.Area", models.PROTECT, null=True, related_name="+", verbose_name=_("责任区域"))
    from_date = models.DateField(_("起始日期"))
    to_date = models.DateField(_("终止日期"), null=True)

    PRIVACY = {
        "organization": Privacy.INTERNAL, "title": Privacy.PUBLIC, "kind": Privacy.PUBLIC, "area": Privacy.INTERNAL,
        "from_date": Privacy.INTERNAL, "to_date": Privacy.INTERNAL,
    }  # fmt: skip

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=PostKind.values), name="organizations_post_kind"),
            periods.in_order(name="organizations_post_period"),
        ]

    def __str__(self) -> str:
        return self.title
