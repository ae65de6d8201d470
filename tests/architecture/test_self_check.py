"""The self-check: every test it names is there, and every row names one or says honestly that something is missing."""

import ast
import re

import pytest

from tests.architecture.building import ROOT, SRC

TABLE = ROOT / "docs" / "operate" / "self-check.md"
NAMED = re.compile(r"`([\w/.]+\.py)::(\w+)`")
WITHOUT = ("no", "partly", "not here", "the operator's", "否", "部分")
ROWS = [
    line for line in TABLE.read_text("utf-8").splitlines()
    if line.startswith("| ") and not line.startswith(("| Section", "| 条款"))
]  # fmt: skip


def _tests_in(path: str) -> set[str]:
    found = next((base / path for base in (SRC, ROOT) if (base / path).is_file()), None)
    if found is None:
        return set()
    tree = ast.parse(found.read_text("utf-8"))
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)}


@pytest.mark.parametrize("name", ["impact-assessment.md", "impact-assessment.zh-CN.md"])
def test_the_impact_assessment_names_tests_that_are_there(name):
    named = NAMED.findall((ROOT / "docs" / "privacy" / name).read_text("utf-8"))
    assert len(named) > 8
    assert not [f"{path}::{test}" for path, test in named if test not in _tests_in(path)]


def test_there_is_a_row_for_every_chapter():
    text = "\n".join(ROWS) + TABLE.read_text("utf-8").partition("Documentation requirements")[2]
    assert not [chapter for chapter in range(1, 18) if f"V{chapter}" not in text]
    assert not [clause for clause in range(1, 12) if f"8.1.4.{clause} " not in text]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_every_test_that_is_named_is_there(row):
    assert not [f"{path}::{name}" for path, name in NAMED.findall(row) if name not in _tests_in(path)]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.split("|")[1].strip())
def test_a_row_without_a_test_says_what_is_missing(row):
    here = row.split("|")[3].strip()
    assert NAMED.search(row) or here.startswith(WITHOUT)
