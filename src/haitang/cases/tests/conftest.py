import pytest

from haitang.cases.tests import cast


@pytest.fixture
def town(db) -> cast.Town:
    return cast.build()
