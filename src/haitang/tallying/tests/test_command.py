"""`haitang tally`: for anyone, without a database and without an instance."""

import json
import os
import subprocess
import sys

import pytest

from haitang.tallying.tests.test_pabulib import FILE


def _tally(*arguments, **environment):
    return subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "haitang", "tally", *map(str, arguments)],
        capture_output=True, text=True, timeout=60,
        env={**os.environ, "DATABASE_URL": "postgresql://127.0.0.1:9/nowhere", **environment},
    )  # fmt: skip


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "round.pb"
    path.write_text(FILE, "utf-8")
    return path


def test_anyone_recomputes_a_file(path, tmp_path):
    done = _tally(path, "--json", HAITANG_HOME=str(tmp_path / "home"))
    found = json.loads(done.stdout)
    assert set(found) == {"rule", "selected", "cost", "seconds"}
    assert (found["rule"], found["selected"], found["cost"]) == ("greedy", ["b", "c"], 601.5)
    assert not (tmp_path / "home").exists()
    assert "django" not in done.stderr


def test_the_result_in_words(path):
    assert "选中 2 个，共 601.5" in _tally(path, "--rule", "greedy").stdout


def test_a_broken_file_is_refused_in_one_sentence(path):
    path.write_text(FILE.replace("a,b", "a,x"), "utf-8")
    done = _tally(path)
    assert done.returncode == 1
    assert "haitang tally：第 16 行：选票中的项目 x 不在 PROJECTS 中。" in done.stderr
    assert "没有这个文件" in _tally(path.with_name("other.pb")).stderr


def test_a_folder_is_replayed_as_a_table(path):
    path.with_name("broken.pb").write_text("x", "utf-8")
    told = FILE.replace("rule;greedy", "rule;unknown")
    path.with_name("odd.pb").write_text(told, "utf-8")
    table = _tally(path.parent).stdout
    assert "| round | 3 | 3 | greedy | not told | 2 |" in table
    assert "a rule that we do not know" in table
    assert "| broken |  |  |  |  |  | 第 1 行：文件应以 META 开头。 |" in table


def test_another_rule_and_completion_may_be_asked_for(path):
    found = json.loads(_tally(path, "--rule", "equal-shares", "--completion", "add1", "--json").stdout)
    assert found["rule"] == "equal-shares/add1"
    found = json.loads(_tally(path, "--rule", "phragmen", "--json").stdout)
    assert found["rule"] == "phragmen"
