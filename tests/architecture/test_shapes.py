"""Actions have one shape, doors say what they do, and no file has grown into two."""

import inspect
import subprocess
from collections import Counter

import pytest

from haitang.core.errors import Refusal
from tests.architecture.building import APPS, ROOT, models, room

LINES_MAX = 400


def _public(app: str, name: str):
    """The functions that the door shows: what a package keeps to itself, its `__init__` does not import."""
    for door in room(app, name)[:1]:
        for function_name, function in inspect.getmembers(door, inspect.isfunction):
            if function.__module__.startswith(door.__name__) and not function_name.startswith("_"):
                yield function


@pytest.mark.parametrize("app", APPS)
def test_every_action_has_the_same_shape(app):
    """Those that ship a release's defaults after a migration (`ship_…`) are nobody's deed and take no actor."""
    broken = []
    for function in _public(app, "actions"):
        if function.__name__.startswith("ship_"):
            continue
        parameters = inspect.signature(function).parameters
        if not {"actor", "now"} <= set(parameters):
            broken.append(f"{function.__name__}: takes actor and now")
        if any(p.kind not in (p.KEYWORD_ONLY, p.VAR_KEYWORD) for p in parameters.values()):
            broken.append(f"{function.__name__}: keyword-only")
    assert not broken, "\n".join(broken)


def test_an_action_is_named_once():
    names = Counter(function.__name__ for app in APPS for function in _public(app, "actions"))
    assert not [name for name, count in names.items() if count > 1]


@pytest.mark.parametrize("app", APPS)
def test_every_door_says_what_it_does(app):
    doors = [f for name in ("actions", "queries", "jobs") for f in _public(app, name)]
    assert not [f"{f.__module__}.{f.__name__}" for f in doors if not f.__doc__]


def _refusals(kind: type[Refusal]):
    for below in kind.__subclasses__():
        yield below
        yield from _refusals(below)


def test_every_model_and_refusal_says_what_it_is():
    silent = [model.__name__ for model in models() if (model.__doc__ or "").startswith(f"{model.__name__}(")]
    silent += [kind.__name__ for kind in _refusals(Refusal) if not kind.__doc__]
    assert not silent


def test_no_file_has_grown_into_two():
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "src/*.py", "src/*.html", "src/*.js", "tests/*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    if listed.returncode:
        pytest.skip("not a git working tree")
    long = []
    for name in listed.stdout.split():
        path = ROOT / name
        if "/migrations/" not in name and path.exists():
            lines = len(path.read_text("utf-8").splitlines())
            if lines > LINES_MAX:
                long.append(f"{name}: {lines}")
    assert not long, "\n".join(long)
