"""How the processes write their log to stderr: one JSON object on a line, or a line for people; with the request's id.

A job bears the id of the request that it goes back to (haitang.config.measuring).
"""

import json
import logging
import re
from datetime import UTC, datetime
from typing import Any

from haitang.core.privacy import mask_text

_NOT_SHOWN = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")
"""What a terminal would obey, what hides, where a line would break; JSON itself lets half of it stand."""


def _seen(text: str) -> str:
    return _NOT_SHOWN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class Briefly(logging.Filter):
    """What passes by itself (503: the database away, the disk full) takes one short line a request, not forty long
    ones: in a storm of them the log would fill the disk."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, those shortened."""
        if getattr(record, "status_code", 0) == 503 and record.exc_info:
            reason = str(record.exc_info[1]).partition("\n")[0]
            record.msg, record.args = f"{record.getMessage()} ({reason})", ()
            record.exc_info, record.levelno, record.levelname = None, logging.WARNING, "WARNING"
        return True


class Discreet(logging.Filter):
    """What libraries would say of people: a job is named without what it was given (opinions, texts, names)."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record through, without the arguments of a job."""
        job = getattr(record, "job", None)
        if isinstance(job, dict) and (call := job.get("call_string")):
            record.msg, record.args = record.getMessage().replace(call, call.partition("(")[0]), ()
        return True


_TELLING = re.compile(r"\n(?:DETAIL|CONTEXT|QUERY|PARAMETERS): ")
"""Where the database goes on to say which row it was: all of it, as it was to be written."""
_KEYS = re.compile(r"(?i)\b(bearer|basic) +[^\s\"',]+")


def discreet(text: str) -> str:
    """Return a text of the log with what looks like a telephone, a document's number, a mail address or a key hidden.

    The second wall: nothing in the code writes such a thing into the log, and a test holds it to that.
    """
    return mask_text(_KEYS.sub(r"\1 ***", text))[0]


class _Formatter(logging.Formatter):
    def formatException(self, ei: Any) -> str:  # noqa: N802 - the name is that of logging
        """Return the traceback; of what the database said of a row, only what was wrong with it."""
        text, error, seen = super().formatException(ei), ei[1], 0
        while error is not None and seen < _CHAIN_MAX:
            whole = str(error)
            if found := _TELLING.search(whole):
                text = text.replace(whole, whole[: found.start()])
            error, seen = error.__cause__ or error.__context__, seen + 1
        return discreet(text)


_CHAIN_MAX = 20


class Formatter(_Formatter):
    """Prints a record as one line of JSON: at, level, logger, message, request_id, error.

    What a line tells beside its message stands in it by name: `extra={"told": {…}}`.
    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line. Line breaks inside a message stay inside its JSON text; what cannot be seen is escaped."""
        from haitang.core.history import request_id  # logging is set up before the apps are

        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": discreet(record.getMessage()),
        }
        if request_id.get():
            line["request_id"] = request_id.get()
        line |= getattr(record, "told", {})
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return _seen(json.dumps(line, ensure_ascii=False))


class TextFormatter(_Formatter):
    """Prints a record for people: time, level, logger, request's id, message, and the error below it."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; line breaks inside a message are shown, so that nobody forges a line."""
        from haitang.core.history import request_id  # logging is set up before the apps are

        at = datetime.fromtimestamp(record.created, UTC).isoformat(sep=" ", timespec="milliseconds")
        told = "".join(f" {key}={value}" for key, value in getattr(record, "told", {}).items())
        message = _seen(discreet(f"{record.getMessage()}{told}").replace("\r", "\\r").replace("\n", "\\n"))
        line = f"{at} {record.levelname} {record.name} [{request_id.get() or '-'}] {message}"
        return f"{line}\n{self.formatException(record.exc_info)}" if record.exc_info else line
