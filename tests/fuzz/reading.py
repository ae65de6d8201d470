"""What a page offers: where it leads, and what it lets one send."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

LINKS = {"href", "hx-get", "data-url", "data-areas-url"}


@dataclass
class Field:
    """One control of a form. kind: the input's type, or "select" or "textarea"."""

    name: str
    kind: str
    value: str = ""
    options: list[str] = field(default_factory=list)


@dataclass
class Form:
    """What a page lets one send. page: where it stands."""

    page: str
    action: str
    method: str
    multipart: bool
    fields: list[Field] = field(default_factory=list)


class _Reader(HTMLParser):
    def __init__(self, address: str) -> None:
        super().__init__(convert_charrefs=True)
        self.address, self.links, self.forms = address, set[str](), list[Form]()
        self._form: Form | None = None
        self._field: Field | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.links |= {self._here(value) for name, value in given.items() if name in LINKS and tag != "link"}
        if "hx-post" in given and tag != "form":
            self.forms.append(Form(self.address, self._here(given["hx-post"]), "POST", False))
        if tag == "form":
            method = given.get("method", "get").upper()
            target = given.get("action") or given.get("hx-post") or given.get("hx-get") or ""
            self._form = Form(self.address, self._here(target), method, "multipart" in given.get("enctype", ""))
            self.forms.append(self._form)
        elif self._form and tag in ("input", "select", "textarea", "button") and given.get("name"):
            kind = given.get("type", "text") if tag in ("input", "button") else tag
            self._field = Field(given["name"], kind, given.get("value", ""))
            if kind in ("radio", "checkbox", "submit") and given.get("value"):
                self._field.options.append(given["value"])
            self._form.fields.append(self._field)
        elif tag == "option" and self._field and self._field.kind == "select":
            self._field.options.append(given.get("value", ""))
            if "selected" in given:
                self._field.value = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None

    def _here(self, target: str) -> str:
        return urljoin(self.address, target.partition("#")[0])


def read(address: str, body: str) -> tuple[set[str], list[Form]]:
    """Return the addresses of this site that the page leads to, and its forms."""
    reader = _Reader(address)
    reader.feed(body)
    ours = {link for link in reader.links if link.startswith("/") and not link.startswith(("//", "/static/"))}
    return ours, [form for form in reader.forms if not urlsplit(form.action).netloc]
