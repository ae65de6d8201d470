"""Files of Pabulib: read as they stand, written back whole, and refused by the line when they are broken."""

import pytest

from haitang.tallying import pabulib
from haitang.tallying.pabulib import Broken, parse
from haitang.tallying.tests.elections import city, files

FILE = """META
key;value
description;"A ""green"" round; small"
num_projects;3
num_votes;3
budget;1000.50
vote_type;approval
rule;greedy
PROJECTS
project_id;cost;name;category;colour
a;400;路灯;light,street;red
b;600.5;"凉亭; 长椅";;blue
c;1;树;green;green
VOTES
voter_id;vote;age
1;a,b;33
2;;41
3;b, c;70
"""


def test_every_cell_is_kept_and_money_is_whole():
    file = parse(FILE)
    assert [each.cost for each in file.election.projects] == [4000, 6005, 10]
    assert (file.election.budget, file.election.unit) == (10005, 10)
    assert file.election.scores == [1, 2, 1]
    assert file.election.votes.voters == 3
    assert file.election.projects[0].marks == {"category": {"light", "street"}}
    assert file.projects.column("colour") == ["red", "blue", "green"]
    assert file.votes.column("age") == ["33", "41", "70"]
    assert file.meta["description"] == 'A "green" round; small'
    assert parse(file.text).meta == file.meta
    assert parse(file.text).text == file.text


def _with(kind, header, *votes, more=""):
    return (
        f"META\nkey;value\nbudget;10\nvote_type;{kind}\n{more}PROJECTS\nproject_id;cost\na;4\nb;6\nc;9\nVOTES\n"
        + "\n".join([header, *votes])
        + "\n"
    )


@pytest.mark.parametrize(
    ("text", "scores"),
    [
        (_with("choose-1", "voter_id;vote", "1;a", "2;b", "3;b"), [1, 2, 0]),
        (_with("cumulative", "voter_id;vote;points", "1;a,b;3,2", "2;b;5"), [3, 7, 0]),
        (_with("scoring", "voter_id;vote;points", "1;a,b,c;3,0,-1", "2;c;5"), [3, 0, 4]),
        (_with("ordinal", "voter_id;vote", "1;a,b", "2;c", more="max_length;3\n"), [3, 2, 3]),
        (_with("ordinal", "voter_id;vote", "1;a,b", "2;c"), [2, 1, 2]),
    ],
)
def test_every_kind_of_ballot_has_its_points(text, scores):
    assert parse(text).election.scores == scores


@pytest.mark.parametrize(
    ("change", "line", "said"),
    [
        (("budget;1000.50", "budget;viel"), 6, "budget"),
        (("vote_type;approval", "vote_type;shouting"), 7, "vote_type"),
        (("a;400;", "a;-4;"), 11, "cost"),
        (("b;600.5;", "a;600.5;"), 12, "出现两次"),
        (("c;1;树;green;green", "c;1;树"), 13, "格"),
        (("1;a,b;33", "1;a,x;33"), 16, "x"),
        (("1;a,b;33", "1;a,a;33"), 16, "两次"),
        (("3;b, c;70", "1;b, c;70"), 18, "投票人"),
        (("3;b, c;70\n", ""), 17, "num_votes"),
        (("3;b, c;70\n", "3;b"), 18, "格"),
        (("META\n", ""), 1, "META"),
        (("VOTES\n", ""), 14, "格"),
        (("voter_id;vote;age", "voter_id;wish;age"), 0, "vote"),
    ],
)  # fmt: skip
def test_a_broken_file_is_refused_with_the_line(change, line, said):
    assert change[0] in FILE
    with pytest.raises(Broken) as refused:
        parse(FILE.replace(*change, 1))
    assert refused.value.line == line
    assert said in refused.value.message
    assert f"第 {line} 行" in refused.value.message or not line


def test_points_must_be_as_many_as_projects_and_whole():
    for vote, said in (("1;a,b;3", "分数"), ("1;a;x", "整数"), ("1;a;1e9", "整数"), (f"1;a;{10**19}", "整数")):
        with pytest.raises(Broken, match=said) as refused:
            parse(_with("cumulative", "voter_id;vote;points", vote))
        assert refused.value.line == 12


def test_a_file_in_another_encoding_is_refused_with_the_line(tmp_path):
    path = tmp_path / "a.pb"
    path.write_bytes(FILE.encode("gb18030"))
    with pytest.raises(Broken) as refused:
        pabulib.read(path)
    assert refused.value.line == 11


def test_a_file_may_begin_with_a_mark_and_end_its_lines_as_windows_does(tmp_path):
    path = tmp_path / "a.pb"
    path.write_bytes(b"\xef\xbb\xbf" + FILE.replace("\n", "\r\n").encode())
    assert pabulib.read(path).election.scores == [1, 2, 1]


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_the_files_of_cities_are_read_and_written_whole(path):
    file = pabulib.read(path)
    told = file.projects.column("score") or file.projects.column("votes")
    assert [str(each) for each in file.election.scores] == told
    again = parse(file.text)
    assert again.meta == file.meta
    assert (again.projects.rows, again.votes.rows) == (file.projects.rows, file.votes.rows)


def test_the_files_of_cities_are_at_hand():
    assert city("Poland_Wieliczka_2023_Green_Budget")
