"""The command line says what it can do before it does it."""

import sys

import pytest

from haitang.runtime import console


@pytest.mark.parametrize("name", sorted(console.OWN.keys() - console.EXPLAIN_THEMSELVES))
@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_of_an_own_command_starts_nothing(name, asked, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["haitang", name, asked])
    monkeypatch.setattr(console, "own", lambda name: pytest.fail(f"{name} was begun"))
    monkeypatch.setattr(console.lifeline, "watch", lambda: None)
    console.main()
    told = capsys.readouterr().out
    assert told.startswith(f"haitang {name}：")
    assert "HAITANG_HOME" in told


@pytest.mark.parametrize("name", sorted(console.EXPLAIN_THEMSELVES))
def test_who_has_options_of_their_own_explains_them(name, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["haitang", name, "--help"])
    monkeypatch.setattr(console.lifeline, "watch", lambda: None)
    with pytest.raises(SystemExit) as left:
        console.main()
    assert left.value.code == 0
    assert f"haitang {name}" in capsys.readouterr().out
