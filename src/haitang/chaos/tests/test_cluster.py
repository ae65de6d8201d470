"""The configuration that operators fill in is whole: every place has a value, and what is promised about it holds."""

import configparser
import re
from pathlib import Path

import pytest
import yaml

from haitang.chaos.cluster import NODES, PORTS, Cluster, Programs, environment
from haitang.chaos.trial import Kill, Reader, _reckon
from haitang.runtime.console import OWN
from haitang.runtime.ha_trial import TEMPLATES

ROOT = Path(__file__).parents[4]
SECRETS = ("SUPERUSER_PASSWORD", "REPLICATION_PASSWORD", "DATABASE_PASSWORD", "SECRET_DJANGO", "SECRET_FIELD",
           "SECRET_FIELD_INDEX", "METRICS_TOKEN")  # fmt: skip


@pytest.fixture
def cluster(tmp_path):
    programs = Programs(TEMPLATES, "etcd", "haproxy", "patroni", "/usr/lib/postgresql/bin", {}, lambda path: None)
    return Cluster(tmp_path, 15_400, programs, _passwords=dict.fromkeys(SECRETS, "secret"))


def test_a_commit_is_acknowledged_by_two_and_the_lead_lapses_in_time(cluster):
    places = {"NODE": "db1", "PATRONI_PORT": 1, "POSTGRES_PORT": 2, "POSTGRES_DATA": "/d", "POSTGRES_SOCKETS": "/s"}
    told = yaml.safe_load(cluster.filled("patroni.yml", **places))
    rules = told["bootstrap"]["dcs"]
    assert rules["synchronous_mode"] is True
    assert rules["ttl"] >= rules["loop_wait"] + 2 * rules["retry_timeout"], "Patroni's own rule"
    assert rules["ttl"] < 30, "writes are to be back within 30 seconds"
    assert rules["postgresql"]["use_pg_rewind"] is True
    assert all(line.startswith("host ") and line.endswith(" scram-sha-256") for line in told["postgresql"]["pg_hba"])
    assert told["etcd3"]["hosts"].count(":") == len(NODES)
    assert told["watchdog"]["mode"] == "off"


def test_the_proxy_leads_to_every_machine_and_asks_each_who_it_is(cluster):
    told = cluster.filled("haproxy.cfg")
    sections = dict(re.findall(r"^(?:listen|backend|frontend) (\w+)\n((?:    .*\n)+)", told, re.MULTILINE))
    assert sections.keys() == {"database", "copies", "site", "web", "live"}
    for name, question in (("database", "/primary"), ("copies", "/replica?lag=16MB")):
        assert f"OPTIONS {question}\n" in sections[name]
        assert "on-marked-down shutdown-sessions" in sections[name], "who was the leader keeps no connection"
        assert len(re.findall(r"server db\d \S+ check port \d+", sections[name])) == len(NODES)
    assert len(re.findall(r"server web\d", sections["web"])) == len(re.findall(r"server web\d", sections["live"])) == 2
    said = [line for line in told.splitlines() if not line.startswith("#")]
    ports = {int(port) for line in said for port in re.findall(r":(\d+)", line)}
    assert ports < set(range(cluster.port, cluster.port + PORTS))


def test_etcd_hears_of_its_whole_cluster(cluster):
    told = environment(cluster.filled("etcd.env", NODE="etcd1", ETCD_DATA="/d", ETCD_PORT=1, ETCD_PEER_PORT=2))
    assert {pair.partition("=")[0] for pair in told["ETCD_INITIAL_CLUSTER"].split(",")} == {"etcd1", "etcd2", "etcd3"}
    assert all(name.startswith("ETCD_") for name in told)


def test_the_programs_environment_is_documented_and_is_all_there(cluster):
    told = cluster.surroundings("web1")
    documented = (ROOT / "docs/operate/environment.md").read_text("utf-8")
    for name in environment(cluster.filled("haitang.env", HOME_DIRECTORY="/h", WEB_PORT=1)):
        if not name.startswith("HAITANG_SECRET_"):
            assert f"| `{name}` |" in documented, name
    assert told["DATABASE_URL"] != told["DATABASE_REPLICA_URL"]
    assert (Path(told["HAITANG_HOME"]) / "files").resolve() == cluster.place / "files", "shared by all machines"


@pytest.mark.parametrize("unit", sorted(TEMPLATES.glob("*.service")), ids=lambda path: path.name)
def test_every_unit_runs_a_program_that_there_is(unit):
    parser = configparser.ConfigParser(strict=False)
    parser.optionxform = str
    parser.read_string(unit.read_text("utf-8"))
    service = parser["Service"]
    program, argument = service["ExecStart"].split()
    assert service["Restart"] == "always"
    assert argument in OWN if program.endswith("/haitang") else program.endswith("/patroni")


def test_the_longest_time_without_an_acknowledged_write_is_found():
    kills = [Kill(1, 100.0), Kill(2, 140.0)]
    _reckon(kills, [_answered(at) for at in (90, 101, 113.5, 114, 120, 139, 141, 149)], end=150.0)
    assert [kill.without_s for kill in kills] == [19.0, 8.0]
    _reckon(kills, [_answered(at) for at in (90, 101)], end=200.0)
    assert kills[1].without_s == 60.0, "nobody could write to the end"


def test_a_list_that_lacks_what_was_acknowledged_is_noticed(monkeypatch):
    reader = Reader(0, None, 1, 0)
    deed = _answered(1.0, pk=7)
    for shown, decided, faults in (([9, 8, 7], 1, 0), ([9, 8], 2, 1), (list(range(200, 100, -1)), 2, 1), (None, 2, 1)):
        monkeypatch.setattr("haitang.chaos.trial._listed", lambda port, token, shown=shown: shown)
        reader.ground = type("Built", (), {"token": ""})()
        reader._look(deed)
        assert (reader.decided, len(reader.faults)) == (decided, faults)
    assert reader.refused == 1


def _answered(at: float, pk: int = 1):
    from haitang.chaos.clients import Deed

    return Deed("create", f"key-{at}", "/", {}, "", "", answers=[{"id": pk}], answered_at=at)
