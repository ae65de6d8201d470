"""The command by which anybody draws again: the same as on the page, and it notices what was changed."""

import json

import pytest

from haitang.councils.values import Candidate, commitment_of, digest_of, draw, key_of, listed
from haitang.runtime.console import Unusable
from haitang.runtime.lots import command

PEOPLE = [Candidate(n, ("东区", "西区")[n % 2]) for n in range(1, 31)]


def test_it_draws_what_was_drawn(tmp_path, capsys):
    path = tmp_path / "list.csv"
    path.write_text(listed(PEOPLE), "utf-8")
    asked = [str(path), "--seats", "6", "--seed", "种子", "--witness", "3 18", "--digest", digest_of(PEOPLE)]
    command([*asked, "--commitment", commitment_of("种子"), "--json"])
    found = json.loads(capsys.readouterr().out)
    drawn = draw(PEOPLE, 6, key_of("种子", "3 18"))
    assert found["chosen"] == [each.number for each in drawn.chosen]
    assert found["reserves"] == [each.number for each in drawn.reserves]
    assert found["seats"] == {"东区": 3, "西区": 3}
    command(asked)
    assert "抽中：" in capsys.readouterr().out


@pytest.mark.parametrize("wrong", [["--digest", "0"], ["--commitment", "0"]])
def test_it_notices_another_seed_or_list(tmp_path, wrong):
    path = tmp_path / "list.csv"
    path.write_text(listed(PEOPLE), "utf-8")
    with pytest.raises(Unusable, match="不一致"):
        command([str(path), "--seats", "6", "--seed", "种子", *wrong])


def test_what_cannot_be_read_is_said_in_a_sentence(tmp_path):
    with pytest.raises(Unusable):
        command([str(tmp_path / "none.csv"), "--seats", "6", "--seed", "s"])
    path = tmp_path / "list.csv"
    path.write_text("a,b,c\n", "utf-8")
    with pytest.raises(Unusable):
        command([str(path), "--seats", "6", "--seed", "s"])
