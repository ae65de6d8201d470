"""What PostgreSQL refuses, said as a refusal."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext

from django.db import IntegrityError, transaction

from haitang.core.errors import Refusal


@contextmanager
def refusing(refusals: Mapping[str, Refusal], *, savepoint: bool = True) -> Iterator[None]:
    """Raise, for a violated constraint named here, its refusal; any other violation is a bug and goes on.

    savepoint: run the body in one, so that the caller's transaction stays usable; without, two statements are saved,
        and the refusal must leave the caller's transaction.
    """
    try:
        with transaction.atomic() if savepoint else nullcontext():
            yield
    except IntegrityError as violation:
        name = getattr(getattr(violation.__cause__, "diag", None), "constraint_name", None)
        if name is None or name not in refusals:
            raise
        raise refusals[name] from violation
