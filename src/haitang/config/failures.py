"""What is answered when nothing else answers: problem+json below `/api/`, errors of Open311 below its address, a page
elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from haitang.config.api import problem
from haitang.config.middleware import API_PREFIX
from haitang.core import history
from haitang.open311.schemas import faults_written
from haitang.open311.values import PREFIX as OPEN311
from haitang.open311.values import Fault, Format


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django could not make sense of."""
    if request.path.startswith(API_PREFIX):
        return problem(400, "BadRequest", "请求无法识别")
    if request.path.startswith(OPEN311):
        return faults_written(_format(request), Fault(400, "请求无法识别"))
    return defaults.bad_request(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer an address that there is not."""
    if request.path.startswith(API_PREFIX):
        return problem(404, "NotFound", "没有这个接口")
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """Answer a bug of ours; the request id finds it in the log."""
    if request.path.startswith(API_PREFIX):
        return problem(500, "ServerError", "服务出错了，请稍后再试", request_id=history.request_id.get())
    if request.path.startswith(OPEN311):
        return faults_written(_format(request), Fault(500, "服务出错了，请稍后再试"), status=500)
    return defaults.server_error(request)


def _format(request: HttpRequest) -> Format:
    return Format.JSON if request.path.endswith(".json") else Format.XML
