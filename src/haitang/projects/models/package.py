from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from haitang.core.access import EVERYWHERE, Actor
from haitang.core.privacy import Privacy
from haitang.core.scoping import below
from haitang.projects.values import PackageKind, Permission


class PackageQuerySet(models.QuerySet):
    """The vocabulary of lists of packages."""

    def visible_to(self, viewer: Actor) -> Self:
        """Narrow to the areas whose projects the viewer may see, and to those that their organizations issue."""
        areas = viewer.areas(Permission.VIEW)
        if EVERYWHERE in areas:
            return self
        offices = sorted(viewer.organizations(Permission.VIEW))
        return self.filter(below(areas) | Q(organization_ids__overlap=offices) if offices else below(areas))


class Package(models.Model):
    """Several projects given out as one. organization_ids: of the units that issue it together, the leading one first.

    What it costs and how far it is follow from its projects.
    """

    title = models.TextField("名称")
    kind = models.TextField("方式", choices=PackageKind)
    words = models.TextField("说明", default="")
    area = models.ForeignKey("territory.Area", models.PROTECT, related_name="+", verbose_name="区域")
    area_ids = ArrayField(models.BigIntegerField(), verbose_name="区域链")
    organization = models.ForeignKey(
        "organizations.Organization", models.PROTECT, related_name="+", db_index=False, verbose_name="牵头单位"
    )
    organization_ids = ArrayField(models.BigIntegerField(), verbose_name="发包单位")
    created_at = models.DateTimeField("建立时间")

    PRIVACY = {
        **dict.fromkeys(("id", "created_at"), Privacy.INTERNAL),
        **dict.fromkeys(
            ("title", "kind", "words", "area", "area_ids", "organization", "organization_ids"), Privacy.PUBLIC
        ),
    }

    objects = PackageQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(F("created_at").desc(), F("id").desc(), name="projects_package_created")]
