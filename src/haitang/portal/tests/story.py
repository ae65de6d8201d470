"""What a resident does, step by step, through the pages."""

import re
from io import BytesIO

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from haitang.cases import actions
from haitang.cases.models import Case
from haitang.core import clock
from haitang.testing.cases import LAMP
from haitang.testing.land import SOUTH, STEP, WEST
from haitang.testing.people import Town

NAME, PHONE = "林桂芳", "13812345678"
HERE = {"lon": f"{WEST + STEP / 2:.6f}", "lat": f"{SOUTH + STEP / 2:.6f}", "place": "春和花园3幢楼下"}


def photo(name: str = "lamp.jpg", colour: str = "red") -> SimpleUploadedFile:
    """Return an upload that is a photo."""
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return SimpleUploadedFile(name, out.getvalue(), content_type="image/jpeg")


def to_step(client: Client, step: int, **changes) -> None:
    """Fill in the steps before the one named."""
    if step > 1:
        sent = {"description": LAMP, "kind": "help", **changes}
        assert client.post("/report/", sent).headers["Location"] == "/report/place/"
    if step > 2:
        assert client.post("/report/place/", {**HERE, "area_code": ""}).headers["Location"] == "/report/contact/"


def report(client: Client, *, name: str = NAME, phone: str = PHONE, **changes) -> tuple[Case, str]:
    """Report the lamp through all three steps; return the case and its query code as the page shows it."""
    to_step(client, 3, **changes)
    answer = client.post("/report/contact/", {"name": name, "phone": phone}, follow=True)
    page = answer.content.decode()
    number, code = re.findall(r"<dd>([0-9]{8}-[0-9]+)</dd>.*?<dd>(\w{6})</dd>", page, re.DOTALL)[0]
    return Case.objects.get(number=number), code


def handle(town: Town, case: Case) -> None:
    """Take the case from the report to its end through the office's actions."""
    who = {
        "verify": town.grid, "accept": town.dispatcher, "register": town.dispatcher, "dispatch": town.dispatcher,
        "sign": town.handler, "handle": town.handler, "feedback": town.handler, "check": town.checker,
        "close": town.dispatcher,
    }  # fmt: skip
    for step, actor in who.items():
        more = {"organization_code": "ZJJ"} if step == "dispatch" else {}
        words = "路灯已更换灯泡，恢复照明" if step == "feedback" else f"内部意见{step}"
        getattr(actions, f"{step}_case")(actor=actor, case_id=case.pk, opinion=words, now=clock.now(), **more)
