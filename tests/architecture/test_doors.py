"""Apps meet only at their doors, tables point down, and what changes rows lives in actions."""

import ast
import re

import grimp

from tests.architecture.building import APPS, DOORS, SRC, models, sources, tier_of

SQL = "SQL that writes"
SURELY_WRITES = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "aupdate", "acreate", "asave"}
WRITES_ON_ROWS = {"create", "update", "delete"}
ROWS = re.compile(r"objects|\.filter\(|\.exclude\(|\.all\(|_set\b|visible_to")
WRITING_SQL = re.compile(
    r"\b(INSERT\s+INTO|UPDATE\s+\w+(\s+AS\s+\w+)?\s+SET|DELETE\s+FROM|TRUNCATE|COPY\s+\w+.*FROM)\b", re.DOTALL
)


def test_apps_meet_only_at_their_doors():
    graph = grimp.build_graph("haitang", exclude_type_checking_imports=True, cache_dir=None)
    broken = []
    for importer in sorted(graph.modules):
        for imported in sorted(graph.find_modules_directly_imported_by(importer)):
            _, here, room, *_ = [*importer.split("."), "", ""]
            _, there, door, *_ = [*imported.split("."), "", ""]
            from_inside = here in APPS or here == "runtime"
            if from_inside and there in APPS and here != there and door not in DOORS and room != "tests":
                broken.append(f"{importer} -> {imported}")
    assert not broken, "\n".join(broken)


def test_foreign_keys_point_down_and_leave_no_way_back():
    broken = []
    for model in models():
        for field in model._meta.get_fields():
            if not (field.is_relation and field.concrete and field.related_model):
                continue
            there = field.related_model
            if model._meta.app_label == there._meta.app_label:
                continue
            name = f"{model.__name__}.{field.name}"
            if not there.__module__.startswith("haitang."):
                broken.append(f"{name} points out of the building to {there.__name__}")
            elif tier_of(there._meta.app_label) >= tier_of(model._meta.app_label):
                broken.append(f"{name} does not point down: {there._meta.app_label}")
            if not field.remote_field.hidden:
                broken.append(f"{name} needs related_name='+'")
    assert not broken, "\n".join(broken)


def test_no_model_orders_itself():
    assert not [model.__name__ for model in models() if model._meta.ordering]


WRITING_READS = {
    "people/queries/actors.py": "a token's day of last use is noted in the one query that checks the token",
}
"""Files outside of actions that hold SQL that writes, each with its reason."""


def _writes(node: ast.AST) -> str:
    """Return what the node writes with, or "" when it writes nothing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and WRITING_SQL.search(node.value):
        return SQL
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return ""
    name = node.func.attr
    if name in SURELY_WRITES or (name == "save" and not node.args):
        return f".{name}("
    if name in WRITES_ON_ROWS and ROWS.search(ast.unparse(node.func.value)):
        return f".{name}("
    return ""


def test_writes_live_in_actions():
    broken = []
    for app in APPS:
        for path in sources(app):
            if path.relative_to(SRC).parts[1].startswith("actions"):
                continue
            for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                how = _writes(node)
                if how and not (how == SQL and str(path.relative_to(SRC)) in WRITING_READS):
                    broken.append(f"{path.relative_to(SRC)}:{node.lineno} {how}")
    assert not broken, "\n".join(broken)
