"""Answers of a server we do not know, read without trusting them: no document type, no entities, no endless depth."""

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any
from xml.parsers import expat

import httpx

XML, JSON = "xml", "json"
BYTES_MAX = 30 * 2**20
_DEPTH_MAX = 30


class Unreadable(Exception):
    """What was answered cannot be read as what it says it is."""


@dataclass
class Node:
    """An element: its name, its own text, its children."""

    tag: str
    text: str = ""
    children: list["Node"] = field(default_factory=list)

    def plain(self) -> Any:
        """Return the text, None where there is none; of an element with children a dictionary, or a list where all of
        them bear the name that its own implies."""
        if not self.children:
            return self.text.strip() or None
        tags = {child.tag for child in self.children}
        if len(tags) == 1 and (len(self.children) > 1 or self.tag in _CONTAINERS):
            return [child.plain() for child in self.children]
        return {child.tag: child.plain() for child in self.children}


_CONTAINERS = {"attributes", "endpoints", "errors", "formats", "notes", "service_requests", "services", "values"}


def read_xml(data: bytes) -> Node:
    """Return the root of the document; raise Unreadable for a broken one, and for one with a document type."""
    stack: list[Node] = [Node("")]

    def begin(tag: str, _attributes: dict[str, str]) -> None:
        if len(stack) > _DEPTH_MAX:
            raise Unreadable("XML is nested too deeply")
        node = Node(tag.rpartition(":")[2])
        stack[-1].children.append(node)
        stack.append(node)

    def refuse(*_given: Any) -> None:
        raise Unreadable("XML has a document type or entities; it must be plain")

    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = begin
    parser.EndElementHandler = lambda _tag: stack.pop()
    parser.CharacterDataHandler = lambda text: setattr(stack[-1], "text", stack[-1].text + text)
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    try:
        parser.Parse(data, True)
    except (expat.ExpatError, ValueError) as error:
        raise Unreadable(f"not well-formed XML: {error}") from error
    return stack[0].children[0]


@dataclass(frozen=True)
class Answer:
    """What a server answered in one format."""

    form: str
    status: int
    content_type: str
    body: bytes
    asked: str

    @classmethod
    def of(cls, form: str, response: httpx.Response) -> "Answer":
        """Return the answer of a response that is still to be read; raise Unreadable for one that is far too long."""
        body = b""
        for piece in response.iter_bytes():
            body += piece
            if len(body) > BYTES_MAX:
                raise Unreadable("the answer is longer than 30 MB")
        asked = f"{response.request.method} {response.request.url.path}"
        return cls(form, response.status_code, response.headers.get("content-type", ""), body, asked)

    @cached_property
    def tree(self) -> Node:
        """The root of the XML."""
        return read_xml(self.body)

    @cached_property
    def data(self) -> Any:
        """The JSON value."""
        try:
            return json.loads(self.body.decode("utf-8"))
        except (ValueError, RecursionError) as error:
            raise Unreadable(f"{self.asked}: not JSON in UTF-8: {error}") from error

    def records(self, container: str) -> list[dict[str, Any]]:
        """Return what stands in the container: children of the XML's root of that name, or the items of the JSON array.

        Raises Unreadable where it is anything else.
        """
        if self.form == JSON:
            found = self.data
            if not isinstance(found, list):
                raise Unreadable(f"{self.asked}: the JSON is no bare array")
        else:
            if self.tree.tag != container:
                raise Unreadable(f"{self.asked}: the root is <{self.tree.tag}>, not <{container}>")
            found = [child.plain() for child in self.tree.children]
        if not all(isinstance(one, dict) for one in found):
            raise Unreadable(f"{self.asked}: {container} holds something that is no object")
        return found

    def record(self, root: str) -> dict[str, Any]:
        """Return the one object that is answered, the XML's root being of that name; raise Unreadable."""
        if self.form == JSON:
            found = self.data
        else:
            if self.tree.tag != root:
                raise Unreadable(f"{self.asked}: the root is <{self.tree.tag}>, not <{root}>")
            found = self.tree.plain()
        if not isinstance(found, dict):
            raise Unreadable(f"{self.asked}: {root} is no object")
        return found
