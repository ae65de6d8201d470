"""A need, a resource, and the two who agree on them."""

from dataclasses import dataclass
from typing import Any

from haitang.core.access import Actor
from haitang.exchange import actions
from haitang.exchange.models import Agreement, Need, Resource
from haitang.exchange.values import NewNeed, NewOrder, NewResource, Permission
from haitang.organizations.values import Kind
from haitang.projects import actions as projects
from haitang.projects.values import Permission as ProjectPermission
from haitang.testing import desks
from haitang.testing.actors import NOW, actor_with
from haitang.testing.people import Town

SPRING, AUTUMN, STREET, GRID = "320585001001", "320585001002", "320585001000", "320585001001001"
NEED = NewNeed(
    "社区老人量血压、测血糖", "health", GRID, "每月一次，为独居老人测血压血糖", beneficiaries="独居老人", people=30,
    hours=("daytime",), contact_name="林阿姨", contact_phone="15400001234",
)  # fmt: skip
MANAGER = actor_with(Permission.MANAGE, account_id=31)


@dataclass
class Stage:
    """secretary: of Spring; unit: who speaks for the company."""

    town: Town
    secretary: Actor
    unit: Actor
    need: Need
    resource: Resource

    def order(self, **more: Any) -> Agreement:
        """Let the secretary order the resource for the need."""
        return actions.order_resource(
            actor=self.secretary, order=NewOrder(self.resource.pk, self.need.pk), now=NOW, **more
        )


def new_resource(organization_id: int, **more: Any) -> NewResource:
    """Return a free clinic of the company for the whole street."""
    values = {
        "title": "医院义诊：测血压血糖", "category": "health", "area_code": STREET, "words": "为老人测血压、血糖",
        "capacity": 1, "people_max": 50, "hours": ("daytime",), **more,
    }  # fmt: skip
    return NewResource(organization_id=organization_id, **values)


def build_stage(town: Town, *, capacity: int = 1) -> Stage:
    """Enter and publish both."""
    company = desks.enter("ZQ1", Kind.UNIT, name="春和医院")
    unit = actor_with(Permission.OFFER, organization_id=company, account_id=51, name="沈联络")
    (need,) = actions.enter_needs(actor=town.secretary, news=[NEED], now=NOW)
    offered = new_resource(company, capacity=capacity)
    (resource,) = actions.offer_resources(actor=unit, news=[offered], now=NOW)
    actions.publish_needs(actor=town.secretary, need_ids=[need.pk], now=NOW)
    actions.publish_resources(actor=town.secretary, resource_ids=[resource.pk], now=NOW)
    need.refresh_from_db()
    resource.refresh_from_db()
    return Stage(town, town.secretary, unit, need, resource)


def finish(project_id: int) -> None:
    """Bring a project to its acceptance, as those who lead and accept it would."""
    leads = actor_with(*ProjectPermission, account_id=52, name="沈联络")
    accepts = actor_with(*ProjectPermission, account_id=53, name="陈书记")
    projects.launch_projects(actor=leads, project_ids=[project_id], now=NOW)
    projects.deliver_projects(actor=leads, project_ids=[project_id], words="到场 28 人", now=NOW)
    projects.accept_projects(actor=accepts, project_ids=[project_id], passed=True, words="符合约定", now=NOW)
