"""What came out of a survey: figures by question and area, small cells hidden, nobody's answers."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from haitang.core.privacy import mask_text
from haitang.surveys.models import Answer, Survey
from haitang.surveys.queries.surveys import AreaLine, areas_of
from haitang.surveys.values import (
    Channel,
    Difference,
    Entry,
    Figure,
    Kind,
    Question,
    Stratum,
    bands,
    compare,
    estimate,
    hide,
    keys_of,
    merge_small,
    response_rate,
    with_totals,
)
from haitang.territory.queries import territory

TEXTS_MAX = 500
Counts = dict[int, dict[str, Counter[Any]]]
"""By area (0 for none) and key, how often each was answered."""
Stratified = tuple[int, Counter[Any]]
"""Households of an area, or of several merged, and how often each option was chosen there."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: counts by option, None where hidden; figure: the score, where it may be told.

    band: between what the score lies, in whole per cent, where it may not be told itself; None where even that may
    not.
    """

    name: str
    n: int
    cells: tuple[int | None, ...]
    figure: Figure | None = None
    band: tuple[int, int] | None = None

    @property
    def told(self) -> list[tuple[int | None, str]]:
        """Return each count with its share of the row in per cent; (None, "") where hidden."""
        return [(cell, "" if cell is None else f"{cell / self.n * 100:.0f}") for cell in self.cells]


@dataclass(frozen=True, slots=True)
class Table:
    """What was answered to one question, or to one row of a matrix. total: None where there are too few answers.

    is_pooled: figures of all areas are of all answers alike, not weighed by households, for the hidden cells' sake.
    is_led_to: asked only of those who answered another question in a certain way.
    """

    question: Question
    label: str
    total: Line | None
    lines: list[Line] = field(default_factory=list)
    shares: tuple[Figure | None, ...] = ()
    is_pooled: bool = False
    is_led_to: bool = False

    @property
    def bars(self) -> list[tuple[str, int | None, Figure | None]]:
        """Return each option with its count and share of all; None where hidden."""
        cells = self.total.cells if self.total else ()
        return list(zip(self.question.options, cells, self.shares, strict=True)) if self.total else []


@dataclass(frozen=True, slots=True)
class Result:
    """All figures of a survey. rate: answers of those invited, None where nobody was invited.

    is_sampled: whether intervals are honest: those asked were drawn, or all were. before, moved: the survey that this
    one repeats, where both ask the same, and how the satisfaction has moved.
    """

    survey: Survey
    answered: int
    invited: int
    households: int
    rate: float | None
    channels: list[tuple[str, int]]
    tables: list[Table]
    is_sampled: bool
    before: Survey | None = None
    moved: Difference | None = None

    @property
    def percent(self) -> str:
        """Return the response rate in per cent to one digit."""
        return "" if self.rate is None else f"{self.rate * 100:.1f}"

    @property
    def weights(self) -> list[tuple[str, int]]:
        """Return the weights by option, the highest first, to be printed with every score."""
        return self.survey.weights


def count_answers(survey: Survey) -> tuple[Counts, dict[int, int], Counter[str]]:
    """Return what was answered by area and key, how many answers each area has, and how they were given."""
    counts: Counts = defaultdict(lambda: defaultdict(Counter))
    per_area: dict[int, int] = defaultdict(int)
    channels: Counter[str] = Counter()
    rows = Answer.objects.filter(survey=survey).values_list("area_id", "answers", "channel")
    for area_id, answers, channel in rows.iterator(chunk_size=5000):
        area = counts[area_id or 0]
        per_area[area_id or 0] += 1
        channels[channel] += 1
        for key, value in answers.items():
            for each in value if isinstance(value, list) else (value,):
                area[key][each] += 1
            if isinstance(value, list):
                area[key]["answered"] += 1
    return counts, per_area, channels


def weights_of(question: Question, rules: Mapping[str, Any]) -> dict[int, float]:
    """Return the weight (0 to 1) of each option that counts."""
    known = rules.get("weights", {})
    return {n: known[option] / 100 for n, option in enumerate(question.options) if option in known}


def satisfaction_key(survey: Survey) -> str | None:
    """Return the key of the question that says how satisfied people are; None where none does."""
    return next((str(n) for n, question in enumerate(survey.asked) if question.is_weighed), None)


def area_scores(survey: Survey) -> dict[int, Figure]:
    """Return how satisfied each area is, exactly: for reviews, never for a page."""
    key = satisfaction_key(survey)
    if key is None:
        return {}
    counts, _per_area, _channels = count_answers(survey)
    weights = weights_of(survey.asked[int(key)], survey.rules)
    rows = {each.area.id: (each.households, counts[each.area.id][key]) for each in areas_of(survey)}
    found = {area_id: _figure(survey, [row], weights) for area_id, row in rows.items()}
    return {area_id: figure for area_id, figure in found.items() if figure is not None}


def _figure(survey: Survey, rows: Sequence[Stratified], weights: Mapping[int, float]) -> Figure | None:
    strata = []
    for households, counted in rows:
        by_weight: Counter[float] = Counter()
        for option, weight in weights.items():
            by_weight[weight] += counted.get(option, 0)
        strata.append(Stratum(max(households, sum(by_weight.values())), by_weight))
    found = estimate(strata, survey.rules["confidence_pct"])
    if found is not None and survey.entry != Entry.CODE:
        return Figure(found.value, found.n)  # who came of their own accord stands for nobody else
    return found


def result_of(survey: Survey) -> Result:
    """Return the figures of a survey, small cells hidden; the caller has checked who may see them."""
    counts, per_area, channels = count_answers(survey)
    lines = areas_of(survey)
    answered, invited = sum(per_area.values()), sum(line.invited for line in lines)
    tables = _all_tables(survey, counts, lines)
    before, moved = _compared(survey, counts, lines)
    shown = [(str(Channel(each).label), n) for each, n in channels.most_common()]
    minimum = survey.rules["minimum_cell"]
    if any(n < minimum for _name, n in shown):
        shown = []
    return Result(
        survey, answered, invited, sum(line.households for line in lines), response_rate(answered, invited), shown,
        tables, survey.entry == Entry.CODE, before, moved,
    )  # fmt: skip


def _compared(survey: Survey, counts: Counts, lines: Sequence[AreaLine]) -> tuple[Survey | None, Difference | None]:
    """Compare with the survey before, where both asked the same areas the same questions with the same weights.

    Both figures are made alike, of shown numbers alone: pooled where one of both is.
    """
    before, key = survey.repeats, satisfaction_key(survey)
    if before is None or before.edition != survey.edition or not before.rules or not survey.rules or key is None:
        return None, None
    if before.rules.get("weights") != survey.rules.get("weights"):
        return None, None
    earlier = areas_of(before)
    if survey.asked[int(key)].shown_after is not None:
        return before, None
    both = [_Spread.of(before, key, count_answers(before)[0], earlier), _Spread.of(survey, key, counts, lines)]
    weights = weights_of(survey.asked[int(key)], survey.rules)
    if {line.area.id for line in earlier} != {line.area.id for line in lines}:
        return before, None
    if any(each is None or each.hides_total(weights) for each in both):
        return before, None
    is_pooled = any(each.hides(weights) for each in both if each)
    then, now = (_figure(each.survey, each.together(is_pooled), weights) for each in both if each)
    return before, compare(then, now) if then and now else None


def _all_tables(survey: Survey, counts: Counts, lines: Sequence[AreaLine]) -> list[Table]:
    """Return the tables of all questions but those of words.

    How many were led to a question is how many chose an option before it: it is told for all areas together, and
    only where that option's count is shown.
    """
    found: dict[int, list[Table]] = {}
    for number, question in enumerate(survey.asked):
        if question.kind == Kind.TEXT:
            continue
        is_led_to = question.shown_after is not None
        found[number] = []
        for row, key in enumerate(keys_of(number, question)):
            label = f"{question.label} · {question.rows[row]}" if question.kind == Kind.MATRIX else question.label
            if question.shown_after is not None and not _tells(found[question.shown_after][0], question.shown_for):
                found[number].append(Table(question, label, None, is_led_to=True))
            elif question.kind == Kind.MANY:
                found[number].append(_many(survey, key, question, counts, is_led_to))
            else:
                found[number].append(_one(survey, key, question, label, counts, lines, is_led_to))
    return [table for tables in found.values() for table in tables]


def _tells(table: Table, options: Sequence[int]) -> bool:
    return table.total is not None and all(table.total.cells[option] is not None for option in options)


@dataclass(frozen=True, slots=True)
class _Spread:
    """How a question of one choice was answered by area, small areas merged, and what of it is hidden.

    rows: households and answers of the areas as they are shown; names: of the areas in each. full: with totals.
    """

    survey: Survey
    rows: list[Stratified]
    names: list[str]
    full: list[list[int]]
    hidden: frozenset[tuple[int, int]]

    @classmethod
    def of(cls, survey: Survey, key: str, counts: Counts, lines: Sequence[AreaLine]) -> "_Spread | None":
        """Return it; None where there are too few answers to show anything."""
        minimum, options = survey.rules["minimum_cell"], range(len(survey.asked[int(key.split(".")[0])].options))
        found = [(line, counts.get(line.area.id, {}).get(key, Counter())) for line in lines]
        found = found or [(AreaLine(territory().area(survey.area_id), 0, 0), counts.get(0, {}).get(key, Counter()))]
        sizes = [sum(counted[n] for n in options) for _line, counted in found]
        if sum(sizes) < minimum:
            return None
        groups = [[found[at] for at in group] for group in merge_small(sizes, minimum)]
        rows = [_merged(group) for group in groups]
        numbers = [[counted[n] for n in options] for _households, counted in rows]
        names = ["、".join(line.area.name for line, _counted in group) for group in groups]
        return cls(survey, rows, names, with_totals(numbers), hide(numbers, minimum))

    def together(self, is_pooled: bool) -> list[Stratified]:
        """Return the rows by which a figure of all areas is made: as they are, or all as one."""
        if not is_pooled:
            return self.rows
        return [(sum(n for n, _counted in self.rows), sum((counted for _n, counted in self.rows), Counter()))]

    def hides(self, columns: Collection[int]) -> bool:
        """Tell whether anything is hidden in these columns."""
        return any(c in columns for _r, c in self.hidden)

    def hides_total(self, columns: Collection[int]) -> bool:
        """Tell whether the total of one of these columns is hidden."""
        return any(r == len(self.rows) and c in columns for r, c in self.hidden)


def _merged(group: Sequence[tuple[AreaLine, Counter[Any]]]) -> Stratified:
    """Return areas as one: a figure weighed within them would tell of each."""
    return sum(line.households for line, _counted in group), sum((counted for _line, counted in group), Counter())


def _one(
    survey: Survey,
    key: str,
    question: Question,
    label: str,
    counts: Counts,
    lines: Sequence[AreaLine],
    is_led_to: bool,
) -> Table:
    """Return a question of one choice by area: few answers merged, small cells hidden.

    A weighed figure of all areas would be one more equation about hidden cells, so it is pooled where there are any.
    """
    if is_led_to:
        counts, lines = {0: {key: sum((area.get(key, Counter()) for area in counts.values()), Counter())}}, []
    spread = _Spread.of(survey, key, counts, lines)
    if spread is None:
        return Table(question, label, None, is_led_to=is_led_to)
    hidden, full = spread.hidden, spread.full
    weights = weights_of(question, survey.rules) if question.is_weighed else {}
    told_bands = bands(full, hidden, weights, survey.rules["minimum_cell"])
    told = []
    for place, row in enumerate(full):
        is_total = place == len(spread.rows)
        of_row = spread.together(spread.hides(weights)) if is_total else [spread.rows[place]]
        cells = tuple(None if (place, c) in hidden else n for c, n in enumerate(row))
        is_told = bool(weights) and not any((place, c) in hidden for c in weights)
        figure = _figure(survey, of_row, weights) if is_told else None
        told.append(Line("" if is_total else spread.names[place], sum(row), cells, figure, told_bands[place]))
    total = told.pop()
    shares = tuple(
        None if cell is None else _share(survey, spread.together(spread.hides({option})), option)
        for option, cell in enumerate(total.cells)
    )
    return Table(question, label, total, told if len(lines) > 1 else [], shares, bool(hidden), is_led_to)


def _share(survey: Survey, rows: Sequence[Stratified], option: int) -> Figure | None:
    others = {n: float(n == option) for _households, counted in rows for n in counted if isinstance(n, int)}
    return _figure(survey, rows, {**others, option: 1.0})


def _many(survey: Survey, key: str, question: Question, counts: Counts, is_led_to: bool) -> Table:
    """Return a question of many choices for all areas together: by area, its options would not add up to anything."""
    minimum = survey.rules["minimum_cell"]
    counted: Counter[Any] = Counter()
    for area in counts.values():
        counted.update(area.get(key, Counter()))
    n = counted["answered"]
    if n < minimum:
        return Table(question, question.label, None, is_led_to=is_led_to)
    numbers = [counted[option] for option in range(len(question.options))]
    cells = tuple(None if 0 < each < minimum or 0 < n - each < minimum else each for each in numbers)
    shares = tuple(None if each is None else Figure(each / n, n) for each in cells)
    return Table(question, question.label, Line("", n, cells), [], shares, is_led_to=is_led_to)


def texts_of(survey: Survey) -> list[tuple[str, list[str]]]:
    """Return what was written to each question of words, numbers masked, in no order that tells when or where.

    For staff who may see the survey. At most 500 of each.
    """
    found: list[tuple[str, list[str]]] = []
    for number, question in enumerate(survey.asked):
        if question.kind != Kind.TEXT:
            continue
        said = Answer.objects.filter(survey=survey, answers__has_key=str(number)).order_by("id")
        given = said.values_list("answers", flat=True)[:TEXTS_MAX]
        texts = sorted({mask_text(answers[str(number)])[0] for answers in given})
        found.append((question.label, texts))
    return found
