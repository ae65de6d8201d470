"""What integrations may rely on, in lines: each operation with what it takes and answers, each schema with its fields.

It is drawn from the OpenAPI document and leaves out prose, titles and repetitions, so that a change of the promise is a
change of a line and a change of wording is none. `docs/reference/api-contract.txt` keeps it.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

Node = Mapping[str, Any]

_PROSE = {"description", "examples", "example", "summary", "tags"}
_METHODS = ("get", "post", "put", "patch", "delete")
_REFUSAL = "#Problem"


def contract(document: Node) -> str:
    """Return the lines of an OpenAPI 3.1 document, operations by path and then schemas by name; ends with a newline."""
    lines = [f"openapi {document['openapi']}", ""]
    for path, operations in sorted(document["paths"].items()):
        for method in _METHODS:
            if method in operations:
                lines += [f"{method.upper()} {path}", *_operation(operations[method])]
    for kind, parts in sorted(document["components"].items()):
        for name, part in sorted(parts.items()):
            lines += ["", f"{kind} {name}", *(_fields(part) if kind == "schemas" else [f"  {_type(part)}"])]
    return "\n".join(lines) + "\n"


def _operation(operation: Node) -> Iterator[str]:
    """An operation's own lines: its name, who may ask, what it takes, what it answers; refusals share a line."""
    known = {"operationId", "parameters", "requestBody", "responses", *_PROSE}
    yield f"  {operation['operationId']}{_rest(operation, known)}"
    for parameter in sorted(operation.get("parameters", ()), key=lambda each: (each["in"], each["name"])):
        mark = "*" if parameter.get("required") else ""
        shape = _type(parameter["schema"])
        rest = _rest(parameter, {"in", "name", "required", "schema", *_PROSE})
        yield f"  {parameter['in']} {parameter['name']}{mark}: {shape}{rest}"
    body = operation.get("requestBody")
    if body:
        mark = "*" if body.get("required") else ""
        yield f"  body{mark}: {_contents(body)}"
    refused = []
    for status, answer in sorted(operation["responses"].items()):
        found = _contents(answer)
        if found == f"application/problem+json {_REFUSAL}" and "headers" not in answer:
            refused.append(status)
        else:
            yield f"  {status}: {found}{_rest(answer, {'content', *_PROSE})}"
    if refused:
        yield f"  problem: {' '.join(refused)}"


def _contents(part: Node) -> str:
    kinds = part.get("content", {})
    return " | ".join(f"{kind} {_type(kinds[kind].get('schema', {}))}" for kind in sorted(kinds)) or "nothing"


def _fields(schema: Node) -> Iterator[str]:
    """A schema's lines: an object's fields, the required ones marked; anything else in one line."""
    if "properties" not in schema:
        yield f"  {_type(schema)}"
        return
    rest = _rest(schema, {"type", "properties", "required", "title", *_PROSE})
    if rest:
        yield f" {rest}"
    for name, field in schema["properties"].items():
        yield f"  {name}{'*' if name in schema.get('required', ()) else ''}: {_type(field)}"


def _type(schema: Any) -> str:
    """A shape in one line: `#Name` for a named schema, `[…]` for a list, `|` between choices, bounds behind it."""
    if not isinstance(schema, Mapping):
        return _plain(schema)
    known = {"title", *_PROSE}
    shape = ""
    if "$ref" in schema:
        shape = "#" + schema["$ref"].rpartition("/")[2]
        known |= {"$ref"}
    elif "anyOf" in schema:
        shape = " | ".join(_type(each) for each in schema["anyOf"])
        known |= {"anyOf"}
    elif schema.get("type") == "array":
        shape = f"[{_type(schema.get('items', {}))}]"
        known |= {"type", "items"}
    elif isinstance(schema.get("type"), str) and "properties" not in schema:
        shape = schema["type"]
        known |= {"type"}
    return shape + _rest(schema, known)


def _rest(part: Node, known: set[str]) -> str:
    """What has no sign of its own, by name, so that nothing which the document promises is passed over."""
    return "".join(f" {name}={_plain(part[name])}" for name in sorted(part) if name not in known)


def _plain(value: Any) -> str:
    return json.dumps(_bare(value), ensure_ascii=False, sort_keys=True)


def _bare(value: Any) -> Any:
    if isinstance(value, Mapping):
        # A field may be called "title" or "description": below "properties" every name is kept.
        return {
            name: {inner: _bare(each) for inner, each in part.items()} if name == "properties" else _bare(part)
            for name, part in value.items()
            if not (name == "title" or name in _PROSE)
        }
    return [_bare(each) for each in value] if isinstance(value, list) else value
