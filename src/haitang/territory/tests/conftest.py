import pytest

from haitang.territory.tests.town import town as build


@pytest.fixture
def town(db):
    """A city with one street, two communities and four grids, one degree-hundredth wide each."""
    return build()
