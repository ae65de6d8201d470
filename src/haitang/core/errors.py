"""Refusals: the ways the platform says no. Entrances turn them into HTTP in two places only.

A refusal is not a bug. A bug raises something else, crashes the request, and is reported.
"""

from collections.abc import Mapping


class Refusal(Exception):
    """A request understood and declined; the message is a finished sentence shown to people as it stands.

    fields: for each field at fault its sentence, so that a form can show it where it belongs.
    """

    status = 400
    fields: Mapping[str, str] = {}

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message

    @property
    def code(self) -> str:
        """The machine's word for this refusal: the class name."""
        return type(self).__name__


class NotSignedIn(Refusal):
    """The deed needs a known actor and there is none."""

    status = 401


class NotAllowed(Refusal):
    """The actor lacks a grant, or stands in the wrong relation to the row."""

    status = 403


class NotFound(Refusal):
    """There is no such thing, or the viewer may not know that there is."""

    status = 404


class Conflict(Refusal):
    """The row is not in a state that permits this, or somebody else was faster."""

    status = 409


class Invalid(Refusal):
    """What was sent cannot be accepted as it stands; `fields` says where."""

    status = 422

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.fields = dict(fields or {})


class TooMany(Refusal):
    """The same party asked too often.

    retry_after_s: whole seconds after which asking again makes sense.
    """

    status = 429

    def __init__(self, message: str, retry_after_s: int) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s
