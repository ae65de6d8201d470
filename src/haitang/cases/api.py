"""The API of cases: parse, one call, print."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from ninja import File, Form, Query, Router, Status
from ninja.files import UploadedFile
from pydantic import Field

from haitang.cases import actions, queries
from haitang.cases.lifecycle import Status as CaseStatus
from haitang.cases.lifecycle import deeds_from
from haitang.cases.queries.cases import PAGE_ROWS_DEFAULT, PAGE_ROWS_MAX, CaseFilter
from haitang.cases.queries.counting import By
from haitang.cases.schemas import (
    AttachmentOut,
    CaseDetailOut,
    CaseIn,
    CaseOut,
    CasePageOut,
    CategoryOut,
    CheckIn,
    CorrectIn,
    CreatedOut,
    DispatchIn,
    OpinionIn,
    RateIn,
    RegisterIn,
    StatsOut,
    VerifyIn,
    case_out,
    stats_out,
    timeline_out,
)
from haitang.cases.values import Channel, Permission
from haitang.core import access, clock, idempotency
from haitang.core.access import allow
from haitang.core.errors import Invalid
from haitang.core.photos import BYTES_MAX
from haitang.core.schemas import REFUSALS, Id, Schema, text
from haitang.territory.queries import territory

router = Router(tags=["cases"])
MANY_OPEN = 10


def _show(case: Any, now: datetime) -> dict[str, Any]:
    return case_out(queries.describe([case])[0], now)
