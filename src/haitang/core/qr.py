"""QR codes (ISO/IEC 18004): an address of this site to be scanned from a screen or from paper."""

from io import BytesIO

import segno

_QUIET_ZONE = 4  # modules of white around the code, as the standard asks
_SCALE = 8


def as_svg(text: str) -> bytes:
    """Return the text as a QR code in SVG, readable where a tenth of it is dirty or covered (error level M)."""
    drawn = BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", border=_QUIET_ZONE, scale=_SCALE, light="#ffffff", xmldecl=False
    )
    return drawn.getvalue()
