"""A round of our own is written so that it is read as the same election."""

from hypothesis import given
from hypothesis import strategies as st

from haitang.tallying import Project
from haitang.tallying.ballots import Kind, Question, votes_of
from haitang.tallying.export import Line, compose
from haitang.tallying.pabulib import parse

PROJECTS = (Project("a", 1250, '路灯; "东"区'), Project("b", 600, "树"), Project("c", 99, ""))
COSTS = {each.id: each.cost for each in PROJECTS}


@given(st.sampled_from(list(Kind)), st.data())
def test_what_is_written_is_read_as_the_same_election(kind, data):
    limits = {Kind.POINTS: {"most_sum": 9}, Kind.KNAPSACK: {"most_cost": 1850}, Kind.SCORED: {"least_each": -2}}
    question = Question(kind, COSTS, **limits.get(kind, {}))
    if kind in (Kind.POINTS, Kind.SCORED):
        least = -2 if kind is Kind.SCORED else 0
        ballot = st.dictionaries(st.sampled_from("abc"), st.integers(least, 3))
    else:
        most = {Kind.ONE: 1, Kind.KNAPSACK: 2}.get(kind, 3)
        ballot = st.lists(st.sampled_from("abc"), max_size=most, unique=True)
    ballots = data.draw(st.lists(ballot, max_size=5))
    lines = [Line(str(number), each, {"neighborhood": "东"}) for number, each in enumerate(ballots)]
    file = compose(
        question, PROJECTS, lines, budget=200_050, unit=100, rule="greedy", chosen=["b"], meta={"description": "一轮"}
    )
    again = parse(file.text)
    assert (again.election.budget, again.election.unit) == (200_050, 100)
    scores = votes_of(question, list(COSTS), ballots).scores(3)
    if kind is not Kind.RANKED or ballots:
        assert again.election.scores == scores
    assert again.election.votes.voters == len(ballots)
    assert again.selected == {"b"}
    assert again.projects.column("name") == [each.name for each in PROJECTS]
    assert again.votes.column("neighborhood") == (["东"] * len(ballots) if ballots else None)
