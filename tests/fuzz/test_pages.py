"""Every page and every form, as everybody who can sign in and as nobody: odd values in odd shapes."""

import re
from collections import defaultdict
from random import Random
from urllib.parse import parse_qsl, quote

import pytest
from django.urls import Resolver404, get_resolver, resolve
from django.urls.resolvers import URLPattern, URLResolver

from tests.architecture.building import SRC
from tests.fuzz import values
from tests.fuzz.conftest import Visitor
from tests.fuzz.door import Door
from tests.fuzz.reading import Form, read
from tests.fuzz.sending import Pair, as_query, broken, form, request, wire

EACH_ROUTE = 3
"""So many pages of one sort are looked at for what they offer, by each visitor."""
ELSEWHERE = ("/api/", "/static/", "/readyz")
_ASKED_FOR = re.compile(r"""GET(?:\.get|\.getlist)?[(\[]["'](\w+)["']""")
PARAMETERS = [
    *sorted({name for path in SRC.rglob("*.py") for name in _ASKED_FOR.findall(path.read_text("utf-8"))}),
    "start_date", "end_date", "service_code", "service_request_id", "page_size", "radius", "lat", "long", "q",
]  # fmt: skip
"""What pages look for in an address, by their own source; of the open interface what its standard names."""
OPEN311 = [
    f"/open311/v2/{name}"
    for name in ("discovery.xml", "services.json", "requests.xml", "requests.json", "services/x.xml")
]


def _addresses(resolver: URLResolver, before: str = "/") -> list[str]:
    """Return the addresses that take no arguments."""
    found = []
    for each in resolver.url_patterns:
        here = before + str(each.pattern).lstrip("^").rstrip("$")
        if isinstance(each, URLPattern):
            found += [here] if not set(here) & set("<(\\[") else []
        else:
            found += _addresses(each, here)
    return found


class Walker:
    """One visitor's way through the site: what is still to be looked at, and what has been found to send."""

    def __init__(self, visitor: Visitor, addresses: list[str], rng: Random) -> None:
        self.visitor, self.rng = visitor, rng
        self.waiting = rng.sample(addresses, len(addresses))
        self.seen: dict[str, list[str]] = defaultdict(list)
        self.forms: dict[str, Form] = {}

    def look(self, door: Door) -> None:
        """Open a page, and note what it offers."""
        address = self.waiting.pop()
        route = _route(address)
        if len(self.seen[route]) >= EACH_ROUTE or address in self.seen[route]:
            return
        self.seen[route].append(address)
        answer = door.ask(self._request("GET", address))
        location = answer.headers.get("location", "")
        if location.startswith("/") and not location.startswith("//"):
            self.waiting.append(location)
        if answer.status != 200 or not answer.headers.get("content-type", "").startswith("text/html"):
            return
        links, forms = read(address, answer.body.decode())
        self.waiting += [link for link in sorted(links) if not link.startswith(ELSEWHERE)]
        self.rng.shuffle(self.waiting)
        for each in forms:
            self.forms.setdefault(f"{each.method} {_route(each.action)} {len(each.fields)}", each)

    def send(self, door: Door) -> None:
        """Send a form: as it should be, spoilt in places, or with its frame broken."""
        asked = self.forms[self.rng.choice(sorted(self.forms))]
        pairs = _spoil(_fill(asked, self.visitor, self.rng), self.rng)
        headers = self.visitor.headers | ({"HTTP_HX_REQUEST": "true"} if self.rng.random() < 0.2 else {})
        environ = form(asked.method, asked.action, pairs, asked.multipart, headers=headers, who=self.visitor.name)
        door.ask(broken(self.rng, environ) if self.rng.random() < 0.15 else environ)

    def ask_oddly(self, door: Door) -> None:
        """Open a page that is known with odd parameters, or with an odd word in its address."""
        addresses = self.seen[self.rng.choice(sorted(route for route, seen in self.seen.items() if seen))]
        path, _mark, query = self.rng.choice(addresses).partition("?")
        if self.rng.random() < 0.3 and path.count("/") > 2:
            words = path.split("/")
            words[self.rng.randrange(1, len(words) - 1)] = quote(wire(values.hostile(self.rng))[:3000], safe="")
            path = "/".join(words)
        names = [name for each in self.forms.values() if each.page == path for name in (f.name for f in each.fields)]
        pairs: list[Pair] = [(name, value) for name, value in parse_qsl(query, keep_blank_values=True)]
        names += [name for name, _value in pairs] + PARAMETERS
        pairs += [(name, values.hostile(self.rng)[:8000]) for name in self.rng.choices(names, k=self.rng.randint(1, 4))]
        environ = self._request("GET", f"{path}?{as_query(pairs)}")
        door.ask(broken(self.rng, environ) if self.rng.random() < 0.1 else environ)

    def _request(self, method: str, address: str) -> dict:
        headers = self.visitor.headers | ({"HTTP_HX_REQUEST": "true"} if self.rng.random() < 0.1 else {})
        return request(method, address, headers=headers, who=self.visitor.name)


def _route(address: str) -> str:
    try:
        return resolve(address.partition("?")[0]).route
    except Resolver404:
        return "none"


def _fill(asked: Form, visitor: Visitor, rng: Random) -> list[Pair]:
    """Return the form filled in as somebody in their right mind might."""
    pairs: list[Pair] = []
    for each in asked.fields:
        if each.name == "csrfmiddlewaretoken":
            pairs.append((each.name, visitor.form_token))
        elif each.kind == "file":
            pairs.append((each.name, values.file(rng)))
        elif each.kind in ("checkbox", "radio", "submit", "button") and rng.random() < 0.5:
            continue
        elif each.value and rng.random() < 0.6:
            pairs.append((each.name, each.value))
        else:
            pairs.append((each.name, values.plain(rng, each.kind, each.options)))
    return pairs


def _spoil(pairs: list[Pair], rng: Random) -> list[Pair]:
    """Return the pairs with some of them spoilt; the form's token stays, or nothing would be read at all."""
    places = [i for i, (name, _value) in enumerate(pairs) if name != "csrfmiddlewaretoken"]
    count = rng.choice((0, 1, 1, 1, 2, 3, len(places)))
    for place in rng.sample(places, min(count, len(places))):
        name, value = pairs[place]
        what = rng.random()
        if what < 0.7:
            pairs[place] = (name, values.hostile(rng))
        elif what < 0.78:
            pairs[place] = ("", "")
        elif what < 0.86:
            pairs += [(name, value), (name, values.hostile(rng))]
        elif what < 0.92:
            pairs[place] = (name, values.file(rng))
        else:
            pairs[place] = (name + rng.choice(("[]", "\x00", "0", ".x", "\r\n")), value)
    return [pair for pair in pairs if pair[0]]


@pytest.mark.share(0.5)
def test_pages_and_forms(door: Door, visitors: list[Visitor], rng: Random) -> None:
    addresses = [each for each in _addresses(get_resolver()) if not each.startswith(ELSEWHERE)] + OPEN311
    walkers = [Walker(visitor, addresses, rng) for visitor in visitors]
    while door.is_open:
        walker, what = rng.choice(walkers), rng.random()
        if walker.waiting and (what < 0.4 or not walker.forms):
            walker.look(door)
        elif walker.forms and what < 0.8:
            walker.send(door)
        else:
            walker.ask_oddly(door)
