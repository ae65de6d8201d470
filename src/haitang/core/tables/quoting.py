"""Text that a spreadsheet would run, or that our own reader would take for something else.

A cell that begins with = + - @ (also in full width), a tab or a line break is a formula to Excel and WPS:
whoever opens the file runs what a resident typed. Such a text is written with one apostrophe before it; so is
a text that begins with the words of a filling note, which the reader would skip.

For the way back to be exact, a text that already begins with apostrophes and then such a character gets one
more, and the reader takes exactly one away from any text of that shape. No other text is touched, so
`unquote(quote(text)) == text` for every text.

Source: OWASP, CSV Injection.
"""

import re

NOTE_MARKS = ("填写说明", "填表说明")
"""How the cell of a filling note begins: the row under the header that explains the columns."""

_DANGEROUS = re.compile(r"'*(?:[=+\-@\t\r\n＝＋－＠]|" + "|".join(NOTE_MARKS) + ")")
_FIRST = frozenset("'=+-@\t\r\n＝＋－＠" + "".join(mark[0] for mark in NOTE_MARKS))


def quote(text: str) -> str:
    """Return the text as it is safe to stand in a cell."""
    if text and text[0] in _FIRST and _DANGEROUS.match(text):
        return "'" + text
    return text


def unquote(text: str) -> str:
    """Return what was quoted; a text that `quote` does not produce stays as it is."""
    if text and text[0] == "'" and _DANGEROUS.match(text):
        return text[1:]
    return text
