"""Translation catalogues: compiled from their .po sources without any tool, and checked for completeness.

The .mo files that gettext reads are made when the site starts, wherever a .po is newer; they are never
committed. So a fresh clone speaks English without gettext installed.
"""

import ast
import os
import re
import struct
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
_MAGIC = 0x950412DE
_KEYWORD = re.compile(r'(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d+)\])?\s+(".*")$')
_PLACEHOLDER = re.compile(r"%\([a-z_]+\)[sd]|%[sd]|\{[a-z_]*\}", re.IGNORECASE)


@dataclass
class Message:
    """One entry of a catalogue. strings: the translation, one for each plural form."""

    id: str = ""
    context: str | None = None
    plural: str | None = None
    strings: dict[int, str] = field(default_factory=dict)
    fuzzy: bool = False

    @property
    def key(self) -> str:
        """The key under which gettext looks it up."""
        key = self.id if self.plural is None else f"{self.id}\0{self.plural}"
        return key if self.context is None else f"{self.context}\4{key}"

    @property
    def text(self) -> str:
        """All forms of the translation as gettext stores them."""
        return "\0".join(self.strings[index] for index in sorted(self.strings))


def read(path: Path) -> list[Message]:
    """Return the entries of a .po file, the header first; obsolete entries are left out."""
    messages: list[Message] = []
    message: Message | None = None
    target: tuple[str, int] | None = None
    fuzzy = False
    for raw in path.read_text(encoding="utf-8").splitlines():
        line = raw.strip()
        if line.startswith("#,"):
            fuzzy = "fuzzy" in line
        if not line or line.startswith("#"):
            continue
        if line.startswith('"') and message and target:
            _append(message, target, ast.literal_eval(line))
            continue
        match = _KEYWORD.match(line)
        if not match:
            raise ValueError(f"{path}: {line!r}")
        word, index, text = match.groups()
        if word == "msgctxt" or (word == "msgid" and (message is None or message.strings)):
            message = Message(fuzzy=fuzzy)
            messages.append(message)
            fuzzy = False
        target = (word, int(index or 0))
        assert message is not None
        _append(message, target, ast.literal_eval(text))
    return messages


def _append(message: Message, target: tuple[str, int], text: str) -> None:
    word, index = target
    if word == "msgstr":
        message.strings[index] = message.strings.get(index, "") + text
    elif word == "msgid":
        message.id += text
    elif word == "msgctxt":
        message.context = (message.context or "") + text
    else:
        message.plural = (message.plural or "") + text


def compiled(messages: list[Message]) -> bytes:
    """Return the catalogue in gettext's binary form. Source: GNU gettext manual, "The Format of GNU MO Files"."""
    table = sorted(
        (m.key.encode(), m.text.encode()) for m in messages if not m.id or (not m.fuzzy and all(m.strings.values()))
    )
    data, spots = b"", []
    for texts in zip(*table, strict=True):
        for text in texts:
            spots.append((len(text), len(data)))
            data += text + b"\0"
    count = len(table)
    start = 7 * 4 + 16 * count
    index = b"".join(struct.pack("<2I", length, start + at) for length, at in spots)
    return struct.pack("<7I", _MAGIC, 0, count, 28, 28 + 8 * count, 0, start) + index + data


def sources(root: Path = PACKAGE) -> list[Path]:
    """Return every .po file of the project."""
    return sorted(root.glob("*/locale/*/LC_MESSAGES/*.po"))


def compile_stale(root: Path = PACKAGE) -> int:
    """Compile every catalogue whose source is newer; return how many. A read-only installation is left as it is."""
    done = 0
    for source in sources(root):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        try:
            draft = target.with_suffix(f".{os.getpid()}")
            draft.write_bytes(compiled(read(source)))
            draft.replace(target)
        except OSError:
            continue
        done += 1
    return done


def broken(source: Path) -> list[str]:
    """Return the translations that would fail when shown, a sentence for each: a placeholder that is not given.

    Whether every message is translated at all is asked by tests/architecture/test_catalogues.py.
    """
    found = []
    for message in read(source)[1:]:
        given = set(_PLACEHOLDER.findall(message.id)) | set(_PLACEHOLDER.findall(message.plural or ""))
        positional = {name for name in given if len(name) == 2}
        found += [
            f"{source.parents[3].name}: {message.id!r} has other placeholders in {text!r}"
            for text in message.strings.values()
            if text and not message.fuzzy and not positional <= set(_PLACEHOLDER.findall(text)) <= given
        ]
    return found
