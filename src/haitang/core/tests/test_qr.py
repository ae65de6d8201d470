"""QR codes are drawn here, and say what they were asked to."""

import re

from haitang.core import qr


def test_a_code_is_a_picture_of_its_own_with_a_quiet_zone():
    drawn = qr.as_svg("https://example.org/calls/7/here/abc/").decode()
    assert drawn.startswith("<svg")
    width, height = map(int, re.search(r'width="(\d+)" height="(\d+)"', drawn).groups())
    assert width == height
    assert width % 8 == 0
    assert qr.as_svg("甲") != qr.as_svg("乙")
