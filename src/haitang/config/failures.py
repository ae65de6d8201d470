"""What is answered when nothing else answers: problem+json below `/api/`, a page elsewhere."""

from django.http import HttpRequest, HttpResponse
from django.views import defaults

from haitang.config.api import problem
from haitang.config.middleware import API_PREFIX
from haitang.core import history


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that Django could not make sense of."""
    if request.path.startswith(API_PREFIX):
        return problem(400, "BadRequest", "请求无法识别")
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
    return defaults.server_error(request)
