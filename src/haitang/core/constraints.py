"""What PostgreSQL refuses, said as a refusal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from haitang.core.errors import Refusal


@contextmanager
def refusing(refusals: Mapping[str, Refusal]) -> Iterator[None]:
    """Raise, for a violated constraint named here, its refusal; any other violation is a bug and goes on.

    Runs its body in a savepoint, so that the caller's transaction stays usable.
    """
    try:
        with transaction.atomic():
            yield
    except IntegrityError as violation:
        name = getattr(getattr(violation.__cause__, "diag", None), "constraint_name", None)
        if name is None or name not in refusals:
            raise
        raise refusals[name] from violation
