"""The whole benchmark, tiny: it leaves a file with every figure, and no database."""

import json
import os
import subprocess
import sys

import psycopg
import pytest

from haitang.bench.database import conninfo

pytestmark = pytest.mark.long

NAME = f"haitang_bench_test_{os.getpid()}"


def test_the_benchmark_runs_and_leaves_nothing_behind(tmp_path):
    out = tmp_path / "out.json"
    sizes = ["--cases", "300", "--requests", "16", "--runs", "1", "--database", NAME, "--json", str(out)]
    only = ["--only", "stats", "create_case", "transition", "whistle_transition", "order_accept"]
    only += ["import", "memory", "live", "match_lists"]
    subprocess.run([sys.executable, "-m", "haitang", "bench", *sizes, *only], check=True, timeout=600)
    found = json.loads(out.read_text())
    assert set(found["machine"]) >= {"cpu", "cores", "memory", "python", "postgres", "fsync"}
    results = {each["name"]: each for each in found["results"]}
    assert set(results) == set(only[1:])
    assert all(set(each) >= {"value", "unit", "bound", "ratio", "target", "ok"} for each in results.values())
    assert results["create_case"]["value"] > 0
    assert results["create_case"]["bound"] > 0
    assert results["live"]["details"]["memory_mb"] > 20
    assert results["memory"]["value"] > 20
    with psycopg.connect(conninfo("postgres")) as server:
        assert server.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone() is None
