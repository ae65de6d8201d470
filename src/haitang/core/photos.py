"""Photos that people send: checked by their content, decoded within bounds, and written anew as plain JPEG.

Nothing of the sent file is kept but its picture: no position, time, camera, comment or thumbnail, and
nothing that stood behind the picture's end (motion photos, archives glued on). What is shown later is
always a file that this module wrote.
"""

import hashlib
from dataclasses import dataclass
from io import BytesIO
from threading import Lock

from django.conf import settings
from PIL import Image, ImageCms, ImageOps

from haitang.core.errors import Invalid

_ONE_AT_A_TIME = Lock()
"""Decoding may take up to 280 MB (26 megapixels of transparent PNG; JPEG 150): never two at once in one process."""

_STRIP_ROWS = 32
_FORMATS = ("JPEG", "PNG", "WEBP")
_HEIF_BRANDS = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif")
_ORIENTATION = 0x0112
"""The EXIF tag."""
_SRGB = ImageCms.createProfile("sRGB")


class PhotoRefused(Invalid):
    """What was sent is no photo that can be kept: another kind of file, too large, damaged."""


@dataclass(frozen=True)
class CleanPhoto:
    """A photo as it is kept. data: JPEG without metadata, upright, sRGB. sha256: of data, in hexadecimal."""

    data: bytes
    mime: str
    width: int
    height: int
    sha256: str


def clean_photo(data: bytes) -> CleanPhoto:
    """Return the photo written anew: upright, at most PHOTO_EDGE_MAX pixels at its long edge, without metadata.

    Reads JPEG, PNG and WebP by content, whatever the file was called; of an animation the first picture.

    Raises: PhotoRefused when it is larger than PHOTO_BYTES_MAX or PHOTO_PIXELS_MAX (known from its header,
        before anything is decoded), of another kind, or damaged.
    """
    if len(data) > settings.PHOTO_BYTES_MAX:
        raise PhotoRefused(f"照片文件为 {len(data) / 2**20:.1f} MB，{_limits()}，请压缩后再上传")
    if not _has_known_start(data):
        if data[4:8] == b"ftyp" and data[8:12] in _HEIF_BRANDS:
            raise PhotoRefused("暂不支持 HEIC 格式的照片，请在手机相机设置中选择“兼容性最佳”，或转成 JPG 后再上传")
        raise PhotoRefused("这个文件不是照片，请上传 JPG、PNG 或 WebP 格式的照片")
    written, size = _rewrite(data, settings.PHOTO_EDGE_MAX)
    return CleanPhoto(written, "image/jpeg", *size, hashlib.sha256(written).hexdigest())


def thumbnail(data: bytes, edge: int) -> bytes:
    """Return a JPEG of the photo with at most `edge` pixels at its long edge; a smaller photo keeps its size.

    data: as written by `clean_photo`.

    Raises: PhotoRefused when it is damaged.
    """
    return _rewrite(data, edge)[0]


def _has_known_start(data: bytes) -> bool:
    return data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n")) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP")


def _limits() -> str:
    return f"最大允许 {settings.PHOTO_BYTES_MAX // 2**20} MB、{settings.PHOTO_PIXELS_MAX // 10**4} 万像素"


def _rewrite(data: bytes, edge: int) -> tuple[bytes, tuple[int, int]]:
    with _ONE_AT_A_TIME:
        try:
            with Image.open(BytesIO(data), formats=_FORMATS) as photo:
                _check_pixels(*photo.size)
                # JPEG decodes at a half, a quarter or an eighth of its size when that is enough.
                photo.draft("RGB", (edge, edge))
                clean = _upright_srgb(photo, edge)
            out = BytesIO()
            clean.save(out, "JPEG", quality=settings.PHOTO_QUALITY, optimize=True)
            return out.getvalue(), clean.size
        except PhotoRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PhotoRefused(f"照片像素过多，{_limits()}，请缩小后再上传") from None
        except Exception as error:  # a decoder fed with broken bytes may raise anything at all
            raise PhotoRefused("照片文件已损坏或不完整，请重新拍摄或另存后再上传") from error


def _check_pixels(width: int, height: int) -> None:
    if width * height > settings.PHOTO_PIXELS_MAX:
        raise PhotoRefused(
            f"照片为 {width}×{height}（{width * height / 10**4:.0f} 万像素），{_limits()}，请缩小后再上传"
        )


def _upright_srgb(photo: Image.Image, edge: int) -> Image.Image:
    """Return a picture without any metadata, turned upright, at most so large."""
    orientation = _orientation(photo)
    profile = photo.info.get("icc_profile") if photo.mode in ("RGB", "RGBA", "P") else None
    photo.load()
    small = _reduced(photo, max(max(photo.size) // edge, 1))
    small.thumbnail((edge, edge))
    if profile:
        small = _to_srgb(small, profile)
    if orientation in range(2, 9):
        small.getexif()[_ORIENTATION] = orientation
        small = ImageOps.exif_transpose(small)
    small.info.clear()
    return small


def _reduced(photo: Image.Image, factor: int) -> Image.Image:
    """Return the photo on white at a whole fraction of its size, made in strips: no second large copy."""
    width, height = photo.size
    reduced = Image.new("RGB", (-(-width // factor), -(-height // factor)))
    for top in range(0, height, _STRIP_ROWS * factor):
        strip = photo.crop((0, top, width, min(top + _STRIP_ROWS * factor, height)))
        reduced.paste(_on_white(strip).reduce(factor), (0, top // factor))
    return reduced


def _on_white(strip: Image.Image) -> Image.Image:
    if strip.mode.startswith("I"):  # sixteen bits of grey
        return strip.convert("I").point(lambda value: value / 256).convert("L").convert("RGB")
    if "A" not in strip.getbands() and "transparency" not in strip.info:
        return strip.convert("RGB")
    ground = Image.new("RGBA", strip.size, "white")
    ground.alpha_composite(strip.convert("RGBA"))
    return ground.convert("RGB")


def _orientation(photo: Image.Image) -> int:
    """Return how the camera was held, 1 to 8; metadata that cannot be read must not cost the photo."""
    try:
        return photo.getexif().get(_ORIENTATION, 1)
    except Exception:
        return 1


def _to_srgb(photo: Image.Image, profile: bytes) -> Image.Image:
    """Return the photo in sRGB; a profile that is broken or does not fit is passed over."""
    try:
        source = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.profileToProfile(photo, source, _SRGB, outputMode="RGB") or photo
    except (ImageCms.PyCMSError, OSError, ValueError):
        return photo
