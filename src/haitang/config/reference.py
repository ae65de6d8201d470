"""The pages of docs/reference/, drawn from the code and the shipped data so that they cannot disagree with it.

`haitang reference` writes them; tests/architecture/test_documents.py fails when the committed ones are out of date.
"""

import dataclasses
import json
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, get_args, get_type_hints

from django.utils import translation

from haitang.cases import lifecycle
from haitang.config.api import api, operations
from haitang.config.contract import contract
from haitang.core import history
from haitang.core.facts import known_facts
from haitang.core.privacy import Privacy
from haitang.people.values import permission_groups, shipped_roles
from haitang.whistles import lifecycle as whistles
from haitang.whistles.values import Rules, Rung

SRC = Path(__file__).parents[1]
CONTRACT = "api-contract.txt"
"""What is promised to integrations: a change of it is seen as a change of this file, line by line."""
NOTE = "<!-- Written by `haitang reference` from the code: change the code, not this page. -->\n"


def pages() -> dict[str, str]:
    """Return every page of the reference by its file name."""
    drawn: dict[str, tuple[str, Callable[[], Iterator[str]]]] = {
        "case-states.md": ("States of a case", _case_states),
        "whistle-states.md": ("States of a whistle", _whistle_states),
        "permissions.md": ("Permissions and roles", _permissions),
        "facts.md": ("Facts and what reacts to them", _facts),
        "settings.md": ("Shipped rules and bounds", _settings),
        "api.md": ("Operations of the API", _operations),
    }
    with translation.override("zh-hans"):
        found = {
            name: f"# {title}\n\n{NOTE}\n" + "\n".join(draw()).rstrip() + "\n" for name, (title, draw) in drawn.items()
        }
        promised = contract(json.loads(json.dumps(api.get_openapi_schema())))
    index = "\n".join(f"- [{title}]({name})" for name, (title, _) in drawn.items())
    index += "\n- [Who may see what](access.md), written from what requests gave"
    promise = f"- [What integrations may rely on]({CONTRACT}), every operation and schema of the API in lines"
    return {"README.md": f"# Reference\n\n{NOTE}\n{index}\n{promise}\n", CONTRACT: promised, **found}


def write(directory: Path) -> list[str]:
    """Write the pages that differ from what stands in the directory, and return their names."""
    directory.mkdir(parents=True, exist_ok=True)
    changed = []
    for name, text in pages().items():
        path = directory / name
        if not path.exists() or path.read_text("utf-8") != text:
            path.write_text(text, "utf-8")
            changed.append(name)
    return changed


def _table(head: list[str], rows: list[list[str]]) -> Iterator[str]:
    yield "| " + " | ".join(head) + " |"
    yield "|" + "---|" * len(head)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |"
    yield ""


def _first_sentence(text: str | None) -> str:
    return " ".join((text or "").strip().split("\n\n")[0].split())


def _case_states() -> Iterator[str]:
    yield "Every move is a deed with an opinion; a deed that leads nowhere from the present state is refused."
    yield "From `src/haitang/cases/lifecycle.py`."
    yield ""
    yield "```mermaid"
    yield "stateDiagram-v2"
    for status in lifecycle.Status:
        yield f"    {status.value}: {status.label} {status.value}"
    yield f"    [*] --> {lifecycle.Status.VERIFYING.value}: public report"
    yield f"    [*] --> {lifecycle.Status.REPORTED.value}: any other channel"
    for deed, move in lifecycle.MOVES.items():
        for source in lifecycle.Status:
            if source in move.sources and deed is not lifecycle.Deed.VOID:
                yield f"    {source.value} --> {move.target.value}: {deed.label} {deed.value}"
    for status in (lifecycle.Status.RATED, lifecycle.Status.REFUSED, lifecycle.Status.VOIDED):
        yield f"    {status.value} --> [*]"
    yield "```"
    yield ""
    yield "作废 `void` leads from every open state to 已作废 `voided`; it is left out of the picture."
    yield ""
    yield from _table(
        ["State", "", "Waits for", "Its stage's clock"],
        [
            [
                f"`{status.value}`",
                str(status.label),
                f"`{lifecycle.NEXT_DEED[status].value}`" if status in lifecycle.NEXT_DEED else "nothing",
                f"`{lifecycle.STAGE_OF[status].value}`" if status in lifecycle.STAGE_OF else "",
            ]
            for status in lifecycle.Status
        ],
    )
    yield from _table(
        ["Deed", "", "From", "To", "Permission", "Desk's own"],
        [
            [
                f"`{deed.value}`",
                str(deed.label),
                ", ".join(f"`{s.value}`" for s in lifecycle.Status if s in move.sources),
                f"`{move.target.value}`",
                f"`{move.permission}`",
                "yes" if deed in lifecycle.DESK_DEEDS else "",
            ]
            for deed, move in lifecycle.MOVES.items()
        ],
    )


def _whistle_states() -> Iterator[str]:
    yield "A whistle is drafted, approved or declined; once it is blown, every department called has states of its own,"
    yield "and the whistle stands where they do. From `src/haitang/whistles/lifecycle.py`."
    yield ""
    yield from _table(
        ["State of a whistle", ""], [[f"`{status.value}`", str(status.label)] for status in whistles.Status]
    )
    yield "```mermaid"
    yield "stateDiagram-v2"
    for standing in whistles.Standing:
        yield f"    {standing.value}: {standing.label} {standing.value}"
    yield f"    [*] --> {whistles.Standing.CALLED.value}: blown"
    for deed, move in whistles.MOVES.items():
        for source in whistles.Standing:
            if source in move.sources and deed is not whistles.Deed.WAIVE:
                yield f"    {source.value} --> {move.target.value}: {deed.label} {deed.value}"
    yield "```"
    yield ""
    yield "豁免 `waive` leads from every open state to 已豁免 `waived`; it is left out of the picture."
    yield "Who arrives has signed and made contact."
    yield ""
    yield from _table(
        ["State of a department", "", "Keeps the case open", "Waits for", "Its clock"],
        [
            [
                f"`{standing.value}`", str(standing.label), "yes" if standing in whistles.OPEN else "",
                f"`{whistles.NEXT_DEED[standing].value}`" if standing in whistles.NEXT_DEED else "nothing",
                f"`{whistles.STAGE_OF[standing].value}`" if standing in whistles.STAGE_OF else "",
            ]
            for standing in whistles.Standing
        ],
    )  # fmt: skip
    yield from _table(
        ["Deed", "", "From", "To", "Permission"],
        [
            [
                f"`{deed.value}`", str(deed.label),
                ", ".join(f"`{s.value}`" for s in whistles.Standing if s in move.sources),
                f"`{move.target.value}`", f"`{move.permission}`",
            ]
            for deed, move in whistles.MOVES.items()
        ],
    )  # fmt: skip


def _permissions() -> Iterator[str]:
    yield "A grant gives a role (or one permission) over an area with all below it, over an organization, or"
    yield "everywhere, for a period. What the roles hold is data; what is shipped stands in"
    yield "`src/haitang/people/data/roles.toml`."
    yield ""
    roles = shipped_roles()
    yield from _table(["Role", "", "For"], [[f"`{role.code}`", role.name, role.description] for role in roles])
    for group, permissions in permission_groups().items():
        yield f"## {group}"
        yield ""
        yield from _table(
            ["Permission", "", *(role.name for role in roles if role.permissions)],
            [
                [f"`{word}`", name, *("●" if word in role.permissions else "" for role in roles if role.permissions)]
                for word, name in permissions.items()
            ],
        )


def _privacy_of(hint: Any) -> str:
    return next((str(mark.value) for mark in get_args(hint)[1:] if isinstance(mark, Privacy)), "")


def _facts() -> Iterator[str]:
    yield "A fact is written once, in the transaction of its deed: it is the audit trail, the timeline, and the news."
    yield "A reaction is queued in that same transaction and delivered at least once."
    yield ""
    reactions, app = history.reactions(), ""
    for fact in known_facts():
        if fact.__module__.split(".")[1] != app:
            app = fact.__module__.split(".")[1]
            yield f"## {app}"
            yield ""
        yield f"### {fact.__name__}"
        yield ""
        yield f"{fact.label}. {_first_sentence(fact.__doc__)}"
        yield ""
        hints = get_type_hints(fact, include_extras=True)
        told = ", ".join(f"`{field.name}` ({_privacy_of(hints[field.name])})" for field in dataclasses.fields(fact))
        yield f"- about: `{fact.subject_type}`; says: {told}"
        tasks = sorted({task.name for task in reactions.get(fact, ())})
        yield "- reactions: " + (", ".join(f"`{name}`" for name in tasks) if tasks else "none")
        yield ""


def _settings() -> Iterator[str]:
    yield "Defaults that an office may change, each with where it comes from. What differs between machines is in"
    yield "[environment variables](../operate/environment.md)."
    yield ""
    yield "## Rules for cases"
    yield ""
    yield "Kept in the table `cases_setting`; shipped in `src/haitang/cases/data/settings.toml`."
    yield ""
    yield from _shipped("cases")
    yield "## Rules of signing in"
    yield ""
    yield "Kept in the table `people_signinsetting`; shipped in `src/haitang/people/data/settings.toml`."
    yield ""
    yield from _shipped("people")
    yield "## Rules for call-backs"
    yield ""
    yield "Kept in the table `callbacks_setting`; shipped in `src/haitang/callbacks/data/settings.toml`."
    yield ""
    yield from _shipped("callbacks")
    yield "## Rules for call-ups"
    yield ""
    yield "Kept in the table `callups_callupsetting`; shipped in `src/haitang/callups/data/settings.toml`."
    yield ""
    yield from _shipped("callups")
    yield "## Rules of the open interface"
    yield ""
    yield "Kept in the table `cases_setting`; shipped in `src/haitang/open311/data/settings.toml`."
    yield ""
    yield from _shipped("open311")
    yield "## Rules of the ferry"
    yield ""
    yield "Kept in the table `cases_setting`; shipped in `src/haitang/ferry/data/settings.toml`."
    yield ""
    yield from _shipped("ferry")
    yield "## Rules of open data"
    yield ""
    yield "Kept in the table `opendata_opendatasetting`; shipped in `src/haitang/opendata/data/settings.toml`."
    yield ""
    yield from _shipped("opendata")
    yield "## Rules of the WeChat official account"
    yield ""
    yield "Kept in the table `wechat_wechatsetting`; shipped in `src/haitang/wechat/data/settings.toml`."
    yield ""
    yield from _shipped("wechat")
    yield "## Rules for webhooks"
    yield ""
    yield "Kept in the table `webhooks_webhooksetting`; shipped in `src/haitang/webhooks/data/settings.toml`."
    yield ""
    yield from _shipped("webhooks")
    yield "## Rules for single sign-on"
    yield ""
    yield "Kept in the table `sso_singlesignonsetting`; shipped in `src/haitang/sso/data/settings.toml`."
    yield ""
    yield from _shipped("sso")
    yield "## Rules of deliberation"
    yield ""
    yield "Kept in the table `councils_councilsetting`; shipped in `src/haitang/councils/data/settings.toml`."
    yield ""
    yield from _shipped("councils")
    yield from _whistle_rules()
    yield "## Rules for service days"
    yield ""
    yield "Kept in the table `servicedays_servicedaysetting`; shipped in `src/haitang/servicedays/data/settings.toml`."
    yield ""
    yield from _shipped("servicedays")
    yield "## Rules for oversight"
    yield ""
    yield "Kept in the table `oversight_setting`; shipped in `src/haitang/oversight/data/settings.toml`."
    yield ""
    yield from _shipped("oversight")
    yield "## Bounds of the territory"
    yield ""
    yield "Shipped in `src/haitang/territory/data/defaults.toml`."
    yield ""
    bounds = tomllib.loads((SRC / "territory/data/defaults.toml").read_text("utf-8"))
    yield from _table(
        ["Bound", "Value"],
        [[f"`{part}.{key}`", f"`{value}`"] for part in ("boundary", "list") for key, value in bounds[part].items()],
    )
    yield "## Codes of areas"
    yield ""
    yield from _table(
        ["Kind", "Pattern", "Reads", "Refuses others", "Source"],
        [
            [f"`{rule['kind']}`", f"`{rule['pattern']}`", rule["label"], "yes" if rule["strict"] else "warns",
             rule["source"]]
            for rule in bounds["code_rule"]
        ],
    )  # fmt: skip


def _whistle_rules() -> Iterator[str]:
    yield "## Whistles"
    yield ""
    yield "Kept by version in the table `whistles_rulebook`; shipped in `src/haitang/whistles/data/rules.toml`."
    yield ""
    rules = Rules.read(0, tomllib.loads((SRC / "whistles/data/rules.toml").read_text("utf-8")))
    yield from _table(
        ["Kind", "", *whistles.Stage, "Approved by", "Where it comes from"],
        [
            [
                f"`{kind.code}`", kind.name, *(str(kind.limits.get(stage.value, "")) for stage in whistles.Stage),
                ", ".join(f"`{post}`" for post in kind.approver_posts) or "whoever may approve", kind.source,
            ]
            for kind in rules.kinds.values()
        ],
    )  # fmt: skip
    for title, ladder in (("A department is late", rules.ladder), ("The street is late", rules.street_ladder)):
        yield from _table(
            [title, "After the deadline", "Called", "Where it comes from"],
            [[rung.name, str(rung.after) if rung.after else "at once", _called(rung), rung.source] for rung in ladder],
        )


def _called(rung: Rung) -> str:
    """Return whom a step of a ladder calls."""
    if rung.posts:
        return ", ".join(f"`{post}`" for post in rung.posts) + f" of the {rung.over}"
    return f"`{rung.permission}` over the {rung.over}" if rung.permission else "those whose decision it is"


def _shipped(app: str) -> Iterator[str]:
    shipped = tomllib.loads((SRC / app / "data/settings.toml").read_text("utf-8"))
    rows = [[f"`{key}`", f"`{given['value']}`", given["source"]] for key, given in shipped.items()]
    yield from _table(["Setting", "Default", "Where it comes from"], rows)


def _operations() -> Iterator[str]:
    yield "Under `/api/v1/`, with `Authorization: Bearer TOKEN`; the full schema is `/api/v1/openapi.json`."
    yield "Refusals are `application/problem+json` with the refusal's class name as `title`."
    yield ""
    permissions = {each.operation_id: str(getattr(each.view_func, "permission", "")) for each in operations()}
    rows = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method, operation in methods.items():
            name = operation["operationId"]
            rows.append([
                f"`{method.upper()} {path}`", f"`{name}`", _first_sentence(operation.get("description")),
                f"`{permissions.get(name, '')}`",
            ])  # fmt: skip
    yield from _table(["Operation", "Id", "Does", "Permission asked at the door"], rows)
