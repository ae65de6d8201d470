"""What is answered when nothing else answers: problem+json below `/api/`, errors of Open311 below its address, a page
elsewhere."""

import errno
import sys
from http import HTTPStatus

import psycopg
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.template import loader
from django.utils.translation import gettext as _
from django.views import defaults

from haitang.config.api import problem
from haitang.config.middleware import API_PREFIX
from haitang.core import history
from haitang.open311.schemas import faults_written
from haitang.open311.values import PREFIX as OPEN311
from haitang.open311.values import Fault, Format

AGAIN_AFTER_S = 5
UNAVAILABLE = "系统暂时无法处理，请稍后再试"
FULL = "存储空间不足，暂时不能保存，请稍后再试或联系管理员"
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


TOO_MUCH = (RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django could not make sense of, or that holds more than is read."""
    status, words = HTTPStatus.BAD_REQUEST, "请求无法识别"
    if isinstance(exception, TOO_MUCH):
        status, words = HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _("发送的内容过大，请分几次发送")
    if request.path.startswith(API_PREFIX):
        return problem(status, "TooLarge" if status != HTTPStatus.BAD_REQUEST else "BadRequest", words)
    if request.path.startswith(OPEN311):
        return faults_written(_format(request), Fault(400, words))
    request.POST = QueryDict()  # what could not be read is not read again, for a form token
    if status != HTTPStatus.BAD_REQUEST:
        return render(request, "ui/refusal.html", {"status": int(status), "message": words}, status=status)
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that there is not."""
    if request.path.startswith(API_PREFIX):
        return problem(404, "NotFound", "没有这个接口")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a bug of ours; the request id finds it in the log. What is no bug but will pass, the database away or too
    slow and the disk full, says so: such a request may be sent again."""
    reason = _reason(sys.exc_info()[1])
    if reason:
        response = _unavailable(request, reason)
        response["Retry-After"] = str(AGAIN_AFTER_S)
        return response
    if request.path.startswith(API_PREFIX):
        return problem(500, "ServerError", "服务出错了，请稍后再试", request_id=history.request_id.get())
    if request.path.startswith(OPEN311):
        return faults_written(_format(request), Fault(500, "服务出错了，请稍后再试"), status=500)
    request.POST = QueryDict()
    return defaults.server_error(request)


def _reason(error: BaseException | None) -> str:
    """Return why the request could not be served just now, "" where it is a bug."""
    if isinstance(error, OSError) and error.errno in _NO_ROOM:
        return FULL
    if isinstance(error, InterfaceError | OperationalError):
        return FULL if isinstance(error.__cause__, psycopg.errors.DiskFull) else UNAVAILABLE
    return ""


def _unavailable(request: HttpRequest, reason: str) -> HttpResponse:
    if request.path.startswith(API_PREFIX):
        return problem(503, "Unavailable", reason, request_id=history.request_id.get())
    if request.path.startswith(OPEN311):
        return faults_written(_format(request), Fault(503, reason), status=503)
    return HttpResponse(loader.get_template("503.html").render(), status=503)


def _format(request: HttpRequest) -> Format:
    return Format.JSON if request.path.endswith(".json") else Format.XML
