"""What a hostile or clumsy sender puts where something else was meant, and something fitting to put beside it."""

import io
import json
import struct
import zipfile
import zlib
from collections.abc import Callable
from random import Random

MARKER = "\"><script>alert(1)</script>'<x y="
"""Must never come back on a page as it stands."""

NUMBERS = (
    "-1", "0", "1", "-0", "00012", "+3", " 7 ", "2147483648", str(2**63 - 1), str(2**63), str(-(2**63) - 1),
    "1" + "0" * 30,
    "9" * 400, "9" * 5000, "1e309", "-1e309", "1e-400", "1E+999999999", "1E-999999999", "NaN", "-nan", "sNaN",
    "Infinity",
    "0x1F", "1_000", "1,000", "１２", "٣", "½", "1.5", "0.000000000000001", ".", "-", "1e5", "true", "None", "[1]",
)  # fmt: skip
TIMES = (
    "0000-00-00", "0001-01-01", "9999-12-31", "10000-01-01", "-4712-01-01", "2026-02-30", "2026-13-01", "1900-01-01",
    "2026-1-1", "20260101", "2026-W05", "2026-W05-1", "0001-01-01T00:00", "9999-12-31T23:59",
    "9999-12-31T23:59:59.999999",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-01-01T24:00", "2026-01-01T12:00:60",
    "2026-01-01T12:00Z",
    "2026-01-01 12:00:00 +99:99", "25:61", "24:00", "00:00", "-1:00", "2026-01", "0000-01", "9999-12", "0000", "99999",
    "yesterday",
)  # fmt: skip
TEXTS = (
    "", " ", "\t\r\n", "\x00", "a\x00b", "\x01\x02\x1b[31m", "\x7f\x85", "长" * 50, "长" * 5_000, "x" * 200_000,
    "e\u0301" * 40,
    "\u202eTXT.EXE", "\u2066a\u2069", "\u200b\u200d\ufeff", "\ud800", "a\udfff", "\U00020bb7野家", "👨‍👩‍👧‍👦",
    "Ａｄｍｉｎ", "аdmin",
    "Z̷̛͔͂a̴l̸g̵o̶" * 30, "\ufffe\uffff", "' OR '1'='1", "1; DROP TABLE cases_case; --",
    "%' AND 1=CAST((SELECT 1) AS int)--",
    "\\", "%", "_", "%%%s%d%(x)s", "{}{0}{x.__class__}", "{{7*7}}{%debug%}", "${jndi:ldap://x/}", MARKER, "<b>",
    "&lt;", "]]>",
    "=1+1", "+1", "-1+1", "@SUM(A1)", "＝1", "\t=1", "../../../etc/passwd", "..\\..\\boot.ini", "/etc/passwd\x00.jpg",
    "C:\\con",
    "a\r\nSet-Cookie: x=1", "javascript:alert(1)", "//example.invalid/", "http://127.0.0.1/", "a" * 64, "{" * 500,
    "(" * 500,
    "[[[[", "null", "undefined", "a,b,c", "1,2,3", "x" * 255, "x" * 256, "/1/2/3/", "eyJhIjoxfQ", "W10",
    "WyJhIiwieCIsMV0", "AAAA",
)  # fmt: skip
STRUCTURES = (
    "[]", "{}", "[[]]", "[null]", '{"a":' * 2_000, "[" * 100_000, '{"type":"Polygon","coordinates":[]}',
    '{"type":"Point"}',
    '{"type":"Polygon","coordinates":[[[0,0],[1e308,1e308],[-1e308,0],[0,0]]]}', '[{"id":1e400}]', '"\\ud800"',
    '{"a":NaN}',
    '{"a":1,"a":2}', "1" * 5_000, '{"__proto__":1}', "[1,", "\xef\xbb\xbf{}", "true", '"x"',
)  # fmt: skip
PLACES = ("180", "-180", "181", "90.0000001", "-91", "120.5", "31.3", "1e308", "nan", "inf", "120°", "120,31", "0")
POOLS = (NUMBERS, TIMES, TEXTS, STRUCTURES, PLACES)
FILE_NAMES = (
    "a.jpg", "a.xlsx", "a.csv", "../../../etc/passwd", "..\\..\\x.jpg", "a\x00.jpg", "a\r\nX: y.jpg", "", ".",
    "x" * 400 + ".jpg",
    "\u202egpj.exe", "a;b\"c'.csv", "CON", "=cmd|' /C calc'!A0.csv", "照片.JPG", "\ud800.png", "a.jpg.exe", "%00.jpg",
    "<b>.jpg",
)  # fmt: skip


def hostile(rng: Random) -> str:
    """Return any odd value."""
    return str(rng.choice(rng.choice(POOLS)))


def plain(rng: Random, kind: str, options: list[str]) -> str:
    """Return something that a sender in their right mind might put into a field of that kind (an input's type)."""
    if options:
        return rng.choice(options)
    if kind == "number":
        return str(rng.choice((0, 1, 2, 3, 5, 10, 30, 100)))
    if kind == "date":
        return f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    if kind == "datetime-local":
        return f"2026-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}T{rng.randint(0, 23):02}:30"
    if kind == "time":
        return f"{rng.randint(0, 23):02}:00"
    if kind == "checkbox":
        return "on"
    return rng.choice(
        ("路灯不亮", "好", "1", "3", "15400001234", "2026-12-01", "31.3", "120.9", "社区门口积水，请来看看")
    )


def file(rng: Random) -> tuple[str, str, bytes]:
    """Return name, content type and content of a file that somebody uploads; seldom what it says it is."""
    kind = rng.choice(
        ("image/jpeg", "text/csv", "application/octet-stream", "text/html", "application/zip", "x/y;\x00", "")
    )
    return rng.choice(FILE_NAMES), kind, rng.choice(FILES)()


def _png(width: int, height: int) -> bytes:
    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0" * 200_000)) + chunk(b"IEND", b"")


def _workbook(sheet: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook><sheets><sheet name='a' sheetId='1'/></sheets></workbook>")
        archive.writestr("xl/worksheets/sheet1.xml", sheet)
    return out.getvalue()


FILES: tuple[Callable[[], bytes], ...] = (
    lambda: b"",
    lambda: b"\x00",
    lambda: b"\xff\xd8\xff" + b"\x00" * 50,
    lambda: b"\xff\xd8\xff\xe0<script>alert(1)</script>",
    lambda: b"GIF89a/*<script>*/=1;",
    lambda: b"%PDF-1.4\nPK\x03\x04",
    lambda: b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
    lambda: b"<?xml version='1.0'?><!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><a>&b;</a>",
    lambda: _png(60_000, 60_000),
    lambda: _png(2**31 - 1, 1),
    lambda: _png(300, 300),
    lambda: _workbook(b"<worksheet/>"),
    lambda: _workbook(b"0" * 20_000_000),
    lambda: _workbook(b"<c r='XFD1048576'/>" * 10),
    lambda: "名称,编码\n=1+1,\x00\n".encode(),
    lambda: "名称,编码\n".encode("utf-16"),
    lambda: b'"' * 5_000,
    lambda: b"," * 20_000,
    lambda: ("标题\n" + "a,b\n" * 3_000).encode("gbk"),
    lambda: json.dumps({"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": None}]}).encode(),
    lambda: b'{"type":"FeatureCollection","features":' + b"[" * 50_000,
    lambda: b"[columns]\n" + "名称 = ".encode(),
)
