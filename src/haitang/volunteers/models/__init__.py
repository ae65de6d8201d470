"""The rows of volunteers."""

from haitang.volunteers.models.catalogue import CatalogueItem, ConsentText, VolunteerSetting
from haitang.volunteers.models.importing import VolunteerImport
from haitang.volunteers.models.person import PHONE, Membership, Volunteer
from haitang.volunteers.models.service import CalendarKey, Certificate, ServiceRecord

__all__ = [
    "PHONE",
    "CalendarKey",
    "CatalogueItem",
    "Certificate",
    "ConsentText",
    "Membership",
    "ServiceRecord",
    "Volunteer",
    "VolunteerImport",
    "VolunteerSetting",
]
