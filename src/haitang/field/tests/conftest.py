import pytest

from haitang.field.tests.handset import Handset
from haitang.field.tests.line import Line
from haitang.field.tests.story import Server, build_worker
from haitang.testing.ports import free_port


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"


@pytest.fixture
def server(town, settings):
    served = Server(free_port())
    served.start()
    yield served
    served.kill()


@pytest.fixture
def line(server):
    line = Line(server.port)
    yield line
    line.close()


@pytest.fixture
def worker(town):
    return build_worker(town)


@pytest.fixture
def handset(browser, line, tmp_path):
    phone = Handset(browser, line.url, tmp_path / "profile")
    yield phone
    phone.close()
    assert not phone.errors
