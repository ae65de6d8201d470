"""The command line says what it can do before it does it."""

import sys

import pytest

from haitang.runtime import console


@pytest.mark.parametrize("name", console.OWN)
@pytest.mark.parametrize("asked", ["--help", "-h"])
def test_help_of_an_own_command_starts_nothing(name, asked, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["haitang", name, asked])
    monkeypatch.setattr(console, "own", lambda name: pytest.fail(f"{name} was begun"))
    monkeypatch.setattr(console.lifeline, "watch", lambda: None)
    console.main()
    told = capsys.readouterr().out
    assert told.startswith(f"haitang {name}：")
    assert "HAITANG_HOME" in told
