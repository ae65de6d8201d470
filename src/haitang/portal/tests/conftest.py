import pytest

from haitang.cases.tests import cast


@pytest.fixture
def town(db) -> cast.Town:
    return cast.build()


@pytest.fixture(autouse=True)
def files_of_their_own(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
