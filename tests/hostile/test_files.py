"""Files that are something else than they say, or far more than they weigh, at the doors that take files."""

import io
import resource
import struct
import zipfile
import zlib
from contextlib import suppress
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from haitang.core import files
from haitang.core.errors import Invalid
from haitang.core.photos import PhotoRefused, clean_photo
from haitang.core.tables import Column, read_table
from haitang.core.tables.workbooks import PARTS_MAX, TOO_LARGE
from haitang.portal.tests.story import to_step

SCRIPT = b"<script>alert(document.domain)</script>"
COLUMNS = [Column("code", "编号", required=True)]
MEMORY_MAX = 350 * 2**20
"""Decoding one photo may take 280 MB for a moment (core.photos); no file may take more."""


def encoded(photo: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    photo.save(out, kind, **options)
    return out.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_with(*chunks: bytes) -> bytes:
    """Return a small picture with more chunks in front of its pixels."""
    plain = encoded(Image.new("RGB", (8, 8), "red"), "PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


POLYGLOTS = {
    "GIF and JavaScript": b"GIF89a/*\x00\x00\x00\x00\x00*/=1;alert(1)//",
    "PDF and ZIP": b"%PDF-1.7\n" + b"PK\x03\x04" + b"\0" * 26,
    "HTML that begins like a photo": b"\xff\xd8\xff\xe0" + SCRIPT,
    "SVG": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'>" + SCRIPT + b"</svg>",
    "SVG behind an XML head": b"<?xml version='1.0'?><!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg>&x;</svg>",
    "BMP": encoded(Image.new("RGB", (8, 8)), "BMP"),
    "TIFF": encoded(Image.new("RGB", (8, 8)), "TIFF"),
    "ICO": encoded(Image.new("RGB", (16, 16)), "ICO"),
    "PostScript": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 8 8\n(w) (w) file",
    "RIFF that is no WebP": b"RIFF\x00\x00\x00\x00AVI LIST",
}
BEARERS = {
    "JPEG with a page in its comment": encoded(Image.new("RGB", (8, 8), "red"), "JPEG", comment=SCRIPT),
    "JPEG with an archive behind it": encoded(Image.new("RGB", (8, 8), "red"), "JPEG") + b"PK\x03\x04" + SCRIPT,
    "PNG with a page in a text": png_with(chunk(b"tEXt", b"Comment\0" + SCRIPT)),
    "PNG with a page in its palette": png_with(chunk(b"juNk", SCRIPT)),
}


@pytest.mark.parametrize("data", POLYGLOTS.values(), ids=POLYGLOTS)
def test_what_is_two_things_at_once_is_no_photo(data):
    with pytest.raises(PhotoRefused):
        clean_photo(data)


@pytest.mark.parametrize("data", BEARERS.values(), ids=BEARERS)
def test_of_a_photo_nothing_is_kept_but_the_picture(data):
    assert SCRIPT in data
    kept = clean_photo(data).data
    assert kept.startswith(b"\xff\xd8\xff")
    assert SCRIPT not in kept
    assert b"PK\x03\x04" not in kept


@pytest.mark.parametrize(
    "data",
    [
        b"%PDF-1.7\nPK",
        POLYGLOTS["SVG"],
        POLYGLOTS["SVG behind an XML head"],
        b"GIF89a/*",
        b"PK\x03\x04%PDF",
        b"\x7fELF",
    ],
)
def test_what_is_no_table_is_told_to_be_none(tmp_path, data):
    path = tmp_path / "sheet.xlsx"
    path.write_bytes(data)
    with pytest.raises(Invalid):
        read_table(path, COLUMNS)


def _peak() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


BOMBS = {
    "a colour profile of 200 MB": png_with(chunk(b"iCCP", b"x\0\0" + zlib.compress(b"\0" * 200_000_000, 1))),
    "a text of 200 MB": png_with(chunk(b"zTXt", b"x\0\0" + zlib.compress(b"a" * 200_000_000, 1))),
    "an international text of 200 MB": png_with(chunk(b"iTXt", b"x\0\1\0\0\0" + zlib.compress(b"a" * 200_000_000, 1))),
    "EXIF of 9 MB": png_with(chunk(b"eXIf", b"MM\0*\0\0\0\x08" + b"\xff" * 9_000_000)),
    "EXIF that leads to itself": png_with(chunk(b"eXIf",
    b"MM\0*\0\0\0\x08\x00\x01\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08")),
    "more pixels than bytes could hold": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 6000, 6000, 8,
    6, 0, 0, 0)) + chunk(b"IDAT", b"x") + chunk(b"IEND", b""),
    "four hundred pictures in one": encoded(
        Image.new("RGB", (600, 600)), "WEBP", save_all=True, lossless=True, method=0, duration=1,
        append_images=[Image.new("RGB", (600, 600), (n % 256, n // 2, 0)) for n in range(400)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("data", BOMBS.values(), ids=BOMBS)
def test_a_photo_takes_no_more_memory_than_its_pixels(data):
    """It may be read or refused; the pixels alone decide what it costs."""
    before = _peak()
    with suppress(PhotoRefused):
        clean_photo(data)
    assert _peak() - before < MEMORY_MAX


def _archive(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def test_an_archive_of_countless_parts_is_refused(tmp_path):
    path = _archive(tmp_path / "a.xlsx", {f"xl/{n}.xml": b"" for n in range(PARTS_MAX)})
    with pytest.raises(Invalid, match=TOO_LARGE):
        read_table(path, COLUMNS)


def test_parts_that_share_their_bytes_are_counted_each_time(tmp_path, monkeypatch):
    """A bomb without nesting: many entries of the directory lead to one compressed stream."""
    monkeypatch.setattr("haitang.core.tables.workbooks.UNPACKED_MAX_BYTES", 20_000_000)
    path = _archive(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": b" " * 5_000_000})
    whole = path.read_bytes()
    at = whole.rindex(b"PK\x01\x02")
    end = whole.index(b"PK\x05\x06")
    entry, tail = whole[at:end], bytearray(whole[end:])
    count = 10
    struct.pack_into("<HH", tail, 8, count + 1, count + 1)
    struct.pack_into("<L", tail, 12, end - whole.index(b"PK\x01\x02") + len(entry) * (count - 1))
    path.write_bytes(whole[:end] + entry * (count - 1) + bytes(tail))
    with pytest.raises(Invalid, match=TOO_LARGE):
        read_table(path, COLUMNS)


def test_a_size_that_is_said_after_the_bytes_is_not_believed_either(tmp_path, monkeypatch):
    monkeypatch.setattr("haitang.core.tables.workbooks.UNPACKED_MAX_BYTES", 5_000_000)
    out = io.BytesIO()

    class Stream(io.RawIOBase):
        """Cannot go back, so that sizes stand after the data."""

        def writable(self) -> bool:
            return True

        def write(self, piece: bytes) -> int:
            return out.write(piece)

    with zipfile.ZipFile(Stream(), "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b" " * 20_000_000)
    path = tmp_path / "a.xlsx"
    path.write_bytes(out.getvalue())
    with pytest.raises(Invalid, match=TOO_LARGE):
        read_table(path, COLUMNS)


NAMES = [
    "../../../etc/cron.d/x", "..\\..\\x.jpg", "/etc/passwd", "C:\\x.jpg", "a\x00.jpg", "a\r\nX-Evil: 1.jpg",
    "\u202egpj.exe", "." * 300,
    "CON.jpg", "a/../../b", "%2e%2e%2fx", "",
]  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("name", NAMES)
def test_the_name_of_an_upload_leads_nowhere(town, client, settings, tmp_path, name):
    """Files are kept under their content's digest: whatever they were called, they stand in the store alone."""
    settings.FILES_ROOT = tmp_path / "files"
    settings.FILES_ROOT.mkdir()
    photo = SimpleUploadedFile("x.jpg", encoded(Image.new("RGB", (8, 8), "red"), "JPEG"))
    photo._name = name
    to_step(client, 1)
    answer = client.post("/report/", {"description": "路灯不亮了，请来修", "kind": "complaint", "photos": [photo]})
    assert answer.status_code in (302, 422)
    kept = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert all(path.is_relative_to(settings.FILES_ROOT) for path in kept)
    assert all(len(path.name) == 64 for path in kept)


@pytest.mark.parametrize("name", ["../../etc/passwd", "a" * 63 + "/", "a" * 64 + "\x00", "..", "", "ａ" * 64])
def test_no_name_of_content_leads_out_of_the_store(name):
    with pytest.raises(files.NotFound):
        files.path_for(name)
