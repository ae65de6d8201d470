"""clean_photo: only the picture survives, and nothing that is no photo gets in."""

import struct
import zlib
from contextlib import suppress
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, PngImagePlugin

from haitang.core.photos import PhotoRefused, clean_photo, thumbnail


def picture(size=(60, 40), mode="RGB"):
    photo = Image.new(mode, size)
    photo.paste(
        photo.getextrema() and {"RGB": (200, 30, 30), "RGBA": (200, 30, 30, 255), "L": 128}[mode], (0, 0, 30, 40)
    )
    return photo


def encoded(photo, kind="JPEG", **options):
    out = BytesIO()
    photo.save(out, kind, **options)
    return out.getvalue()


def opened(clean):
    return Image.open(BytesIO(clean.data))


def markers(jpeg):
    """Return the segments before the picture's data."""
    found, at = [], 2
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + struct.unpack(">H", jpeg[at + 2 : at + 4])[0]
    return found


def full_of_metadata(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010F] = "SECRETCAMERA"
    exif.get_ifd(0x8825)[2] = (31.0, 17.0, 30.0)
    icc = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    options = {"exif": exif, "icc_profile": icc}
    if kind == "JPEG":
        options |= {"comment": b"SECRETCOMMENT", "xmp": b"<x:xmpmeta>SECRETXMP</x:xmpmeta>"}
    if kind == "PNG":
        options["pnginfo"] = PngImagePlugin.PngInfo()
        options["pnginfo"].add_text("Comment", "SECRETTEXT")
    if kind == "WEBP":
        options["xmp"] = b"<x:xmpmeta>SECRETXMP</x:xmpmeta>"
    return encoded(picture(), kind, **options)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_only_the_picture_survives_and_stands_upright(kind):
    sent = full_of_metadata(kind)
    assert b"SECRET" in sent
    clean = clean_photo(sent)
    assert b"SECRET" not in clean.data
    assert {marker for marker in markers(clean.data) if marker >= 0xE0} == {0xE0}  # JFIF, no other APPn, no comment
    assert (clean.mime, clean.width, clean.height) == ("image/jpeg", 40, 60)  # turned by a quarter
    top, bottom = (opened(clean).getpixel((20, y)) for y in (10, 50))
    assert top[0] > 150
    assert bottom[0] < 60


@pytest.mark.parametrize(
    "photo",
    [
        picture(mode="L"), picture(mode="RGBA"), picture().convert("P"), picture().convert("1"),
        picture().convert("CMYK"), picture(mode="L").convert("LA"), picture(mode="L").convert("I;16"),
    ],
    ids=lambda photo: photo.mode,
)  # fmt: skip
def test_every_sort_of_pixel_is_read(photo):
    clean = clean_photo(encoded(photo, "JPEG" if photo.mode == "CMYK" else "PNG"))
    assert opened(clean).mode == "RGB"


def test_transparent_parts_become_white():
    assert opened(clean_photo(encoded(Image.new("RGBA", (8, 8)), "PNG"))).getpixel((4, 4)) == (255, 255, 255)


def test_a_large_photo_is_shrunk_and_a_small_one_is_not(settings):
    settings.PHOTO_EDGE_MAX = 50
    assert (clean_photo(encoded(picture((400, 200)))).width, clean_photo(encoded(picture((40, 20)))).width) == (50, 40)


def test_the_same_photo_gives_the_same_name():
    assert clean_photo(encoded(picture())).sha256 == clean_photo(encoded(picture())).sha256


def test_a_thumbnail_keeps_the_proportions():
    assert Image.open(BytesIO(thumbnail(clean_photo(encoded(picture((600, 400)))).data, 120))).size == (120, 80)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_what_stands_behind_the_picture_is_dropped(kind):
    clean = clean_photo(encoded(picture(), kind) + b"PK\x05\x06<script>alert(1)</script>")
    assert b"PK\x05\x06" not in clean.data
    assert b"<script>" not in clean.data


def bomb(width, height):
    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("size", [(8001, 5000), (12000, 8000), (60000, 60000)])
def test_too_many_pixels_are_refused_by_the_header(size):
    with pytest.raises(PhotoRefused, match="10 MB、4000 万像素"):
        clean_photo(bomb(*size))


def test_too_many_bytes_are_refused():
    with pytest.raises(PhotoRefused, match=r"10\.0 MB，最大允许 10 MB、4000 万像素"):
        clean_photo(encoded(picture()) + b"\0" * 10 * 2**20)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "不是照片"),
        (b"%PDF-1.7", "不是照片"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "不是照片"),
        (encoded(picture(), "GIF"), "不是照片"),
        (b"PK\x03\x04" + encoded(picture()), "不是照片"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 64, "HEIC"),
        (encoded(picture((400, 400)))[:-600], "损坏"),
        (encoded(picture((400, 400)), "PNG")[:-200], "损坏"),
        (encoded(picture((400, 400)), "WEBP")[:-60], "损坏"),
        (b"\xff\xd8\xff", "损坏"),
        (bomb(300, 300), "损坏"),
    ],
)  # fmt: skip
def test_what_is_no_whole_photo_is_refused_in_a_sentence(data, words):
    with pytest.raises(PhotoRefused, match=words):
        clean_photo(data)


WHOLE = [full_of_metadata(kind) for kind in ("JPEG", "PNG", "WEBP")]


@given(st.sampled_from(WHOLE), st.integers(0, 3000), st.binary(max_size=30))
def test_no_bytes_crash(whole, at, noise):
    at %= len(whole)
    with suppress(PhotoRefused):
        clean_photo(whole[:at] + noise + whole[at + len(noise) :])
