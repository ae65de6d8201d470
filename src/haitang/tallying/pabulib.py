"""Elections as Pabulib writes them: a file of three sections, META, PROJECTS and VOTES, cells parted by semicolons.

Read strictly: a file that was cut short or damaged is refused with the line, never tallied as if it were whole. Cells
that we do not know are kept and written back.

Source: Pabulib, the format of its files.
"""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np

from haitang.core.errors import Invalid
from haitang.tallying.terms import Election, Ints, Project, Votes

APPROVAL, CHOOSE_1, CUMULATIVE, SCORING, ORDINAL = "approval", "choose-1", "cumulative", "scoring", "ordinal"
VOTE_TYPES = (APPROVAL, CHOOSE_1, CUMULATIVE, SCORING, ORDINAL)
_SECTIONS = ("META", "PROJECTS", "VOTES")
_AMOUNT = re.compile(r"(\d+)(?:[.,](\d+))?")
_WHOLE = re.compile(r"[+-]?\d+")
_MARKS = {"category": "category", "target": "target", "neighborhood": "district", "district": "district"}
"""Columns of projects that limits may go by, and the kind of mark each is."""
_AMOUNT_MAX = 10**12
"""No amount is larger, in its smallest unit."""
_POINTS_MAX = 10**5


class Broken(Invalid):
    """The file is no election: cut short, damaged, or contradicting itself. line: where, from 1; 0 for the whole."""

    def __init__(self, line: int, what: str) -> None:
        self.line = line
        super().__init__(f"第 {line} 行：{what}" if line else what)


@dataclass(frozen=True)
class Table:
    """A section as it stands in the file. lines: the line on which each row ends."""

    columns: tuple[str, ...] = ()
    rows: list[list[str]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)

    def column(self, name: str) -> list[str] | None:
        """Return the cells of a column, None where there is none of that name."""
        if name not in self.columns:
            return None
        at = self.columns.index(name)
        return [row[at] for row in self.rows]


@dataclass(frozen=True)
class File:
    """A file of Pabulib: what stands in it, and the election that it means."""

    meta: Mapping[str, str]
    projects: Table
    votes: Table
    election: Election

    @property
    def text(self) -> str:
        """Return the file as text again, every cell as it stands in it."""
        return write(self.meta, self.projects, self.votes)

    @property
    def rule(self) -> str:
        """Return the rule that the file names, as Pabulib writes it; empty where it names none."""
        return self.meta.get("rule", "").strip().lower()

    @property
    def threshold(self) -> int | None:
        """Return the least number of points that a project needs, None where the file names none."""
        return _threshold(self.meta.get("min_project_score_threshold", ""))

    @property
    def selected(self) -> frozenset[str] | None:
        """Return the projects that the file says were chosen (1 in `selected`), None where it says nothing."""
        told = self.projects.column("selected")
        ids = self.projects.column("project_id") or []
        return None if told is None else frozenset(i for i, each in zip(ids, told, strict=True) if each.strip() == "1")


def read(path: Path) -> File:
    """Return the election in a file. Raises Broken, naming the line."""
    try:
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Broken(line, "不是 UTF-8 编码的文字。") from error
    return parse(text)


def parse(text: str) -> File:
    """Return the election in the text of a file. Raises Broken, naming the line."""
    tables = _sections(text)
    meta = {row[0].strip(): ";".join(row[1:]) for row in tables["META"].rows}
    told, places = _amount(meta.get("budget", ""), _line_of(tables["META"], "budget"), "budget")
    kind = meta.get("vote_type", "").strip().lower()
    if kind not in VOTE_TYPES:
        raise Broken(_line_of(tables["META"], "vote_type"), f"vote_type 应为 {'、'.join(VOTE_TYPES)} 之一。")
    _count(meta, "num_projects", tables["PROJECTS"], "项目")
    _count(meta, "num_votes", tables["VOTES"], "选票")
    projects, unit, budget = _projects(tables["PROJECTS"], told, places)
    votes = _votes(tables["VOTES"], kind, {each.id: at for at, each in enumerate(projects)}, meta)
    return File(meta, tables["PROJECTS"], tables["VOTES"], Election(budget, projects, votes, unit))


def _sections(text: str) -> dict[str, Table]:
    """Return the three sections, each row as wide as its head."""
    found: dict[str, Table] = {}
    table: Table | None = None
    name = ""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";")
    try:
        for row in reader:
            word = row[0].strip().upper() if len(row) == 1 or (row and not any(row[1:])) else ""
            if word in _SECTIONS and len(found) < len(_SECTIONS) and word == _SECTIONS[len(found)]:
                name, table = word, None
                found[name] = Table()
            elif not row or (len(row) == 1 and not row[0].strip()):
                continue
            elif not name:
                raise Broken(reader.line_num, "文件应以 META 开头。")
            elif table is None:
                table = found[name] = Table(tuple(cell.strip() for cell in row))
            else:
                _add(table, row, reader.line_num, name)
    except csv.Error as error:
        raise Broken(reader.line_num, f"不是以分号分隔的表格（{error}）。") from error
    for wanted in _SECTIONS:
        if wanted not in found:
            raise Broken(text.count("\n") + 1, f"没有 {wanted} 部分，文件不完整。")
    for section, column in (("PROJECTS", "project_id"), ("PROJECTS", "cost"), ("VOTES", "voter_id"), ("VOTES", "vote")):
        if column not in found[section].columns:
            raise Broken(0, f"{section} 部分没有 {column} 一列。")
    return found


def _add(table: Table, row: list[str], line: int, section: str) -> None:
    width = len(table.columns)
    if len(row) != width:
        if section == "META" and len(row) > width > 1:
            row = [row[0], ";".join(row[1:])]
        elif len(row) > width and not any(row[width:]):
            row = row[:width]
        else:
            raise Broken(line, f"应有 {width} 格，却有 {len(row)} 格。")
    table.rows.append(row)
    table.lines.append(line)


def _line_of(table: Table, key: str) -> int:
    return next((line for row, line in zip(table.rows, table.lines, strict=True) if row[0].strip() == key), 0)


def _count(meta: Mapping[str, str], key: str, table: Table, what: str) -> None:
    """Refuse a file that holds more or less than it says."""
    told = meta.get(key, "").strip()
    if told and told != str(len(table.rows)):
        raise Broken(table.lines[-1] if table.lines else 0, f"{key} 为 {told}，文件中却有 {len(table.rows)} 个{what}。")


def _amount(text: str, line: int, name: str) -> tuple[str, int]:
    """Return an amount as digits with and without a point, and its decimal places without needless zeros."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        raise Broken(line, f"{name} 不是金额：{text.strip() or '（空）'}。")
    places = (found[2] or "").rstrip("0")
    return f"{found[1]}.{places}", len(places)


def _scaled(amount: str, places: int) -> int:
    whole, _, rest = amount.partition(".")
    return int(whole + rest.ljust(places, "0"))


def _projects(table: Table, budget: str, budget_places: int) -> tuple[tuple[Project, ...], int, int]:
    """Return the projects, how many of the smallest unit make one of the currency, and the budget in it."""
    ids, costs = table.column("project_id") or [], table.column("cost") or []
    read_costs = [_amount(cost, line, "cost") for cost, line in zip(costs, table.lines, strict=True)]
    places = max([budget_places, *(each for _, each in read_costs)])
    for (cost, _), line in zip([*read_costs, (budget, 0)], [*table.lines, 0], strict=True):
        if _scaled(cost, places) > _AMOUNT_MAX:
            raise Broken(line, f"金额过大：{cost.rstrip('.')}。")
    known: set[str] = set()
    for project_id, line in zip(ids, table.lines, strict=True):
        if not project_id.strip() or "," in project_id:
            raise Broken(line, "项目没有可用的编号（不能为空，不能含逗号）。")
        if project_id.strip() in known:
            raise Broken(line, f"项目 {project_id.strip()} 出现两次。")
        known.add(project_id.strip())
    names = table.column("name") or [""] * len(ids)
    marks = [(kind, table.column(column)) for column, kind in _MARKS.items()]
    projects = tuple(
        Project(
            project_id.strip(), _scaled(amount, places), names[at], 0,
            {kind: _split(cells[at]) for kind, cells in marks if cells and cells[at].strip()},
        )
        for at, (project_id, (amount, _)) in enumerate(zip(ids, read_costs, strict=True))
    )  # fmt: skip
    return projects, 10**places, _scaled(budget, places)


def _split(cell: str) -> frozenset[str]:
    return frozenset(each.strip() for each in cell.split(",") if each.strip())


def _votes(table: Table, kind: str, index: Mapping[str, int], meta: Mapping[str, str]) -> Votes:
    cells = table.column("vote") or []
    flat: list[int] = []
    lengths: list[int] = []
    position = index.__getitem__
    for at, cell in enumerate(cells):
        before = len(flat)
        if cell:
            try:
                flat.extend(map(position, cell.split(",")))
            except KeyError:
                del flat[before:]
                flat.extend(_slowly(cell, index, table.lines[at]))
        lengths.append(len(flat) - before)
    width = np.array(lengths, dtype=np.int64)
    voter = np.repeat(np.arange(len(cells), dtype=np.int64), width)
    project = np.array(flat, dtype=np.int64)
    _check_voters(table)
    _check_twice(table, voter, project, len(index))
    if kind == CHOOSE_1 and (width > 1).any():
        raise Broken(table.lines[int(np.argmax(width > 1))], "每张选票只能选一个项目。")
    points = _points(table, kind, width, voter, meta)
    given = points != 0
    return Votes(len(cells), voter[given], project[given], points[given])


def _slowly(cell: str, index: Mapping[str, int], line: int) -> Iterator[int]:
    """Yield the projects of a vote with spaces in it, or refuse the one that is not there."""
    for each in cell.split(","):
        if each.strip() in index:
            yield index[each.strip()]
        elif each.strip() or "," in cell:
            raise Broken(line, f"选票中的项目 {each.strip() or '（空）'} 不在 PROJECTS 中。")


def _check_voters(table: Table) -> None:
    ids = table.column("voter_id") or []
    if len(set(ids)) == len(ids):
        return
    seen: set[str] = set()
    for voter, line in zip(ids, table.lines, strict=True):
        if voter in seen:
            raise Broken(line, f"投票人 {voter or '（空）'} 出现两次。")
        seen.add(voter)


def _check_twice(table: Table, voter: Ints, project: Ints, projects: int) -> None:
    marks = np.sort(voter * max(projects, 1) + project)
    twice = np.flatnonzero(marks[1:] == marks[:-1])
    if len(twice):
        raise Broken(table.lines[int(marks[twice[0]]) // projects], "同一张选票上同一项目出现两次。")


def _points(table: Table, kind: str, width: Ints, voter: Ints, meta: Mapping[str, str]) -> Ints:
    """Return the points of each mark: 1, those that stand beside it, or by its rank, the last of `max_length` 1."""
    if kind in (APPROVAL, CHOOSE_1):
        return np.ones(len(voter), dtype=np.int64)
    if kind == ORDINAL:
        told = meta.get("max_length", "").strip()
        longest = max(int(told) if told.isdigit() else 0, int(width.max(initial=0)))
        begins = np.cumsum(width) - width
        return longest - (np.arange(len(voter), dtype=np.int64) - np.repeat(begins, width))
    cells = table.column("points")
    if cells is None:
        raise Broken(0, f"vote_type 为 {kind}，VOTES 部分却没有 points 一列。")
    split = [cell.split(",") if cell.strip() else [] for cell in cells]
    for at, (each, wanted) in enumerate(zip(split, width.tolist(), strict=True)):
        if len(each) != wanted:
            raise Broken(table.lines[at], f"选了 {wanted} 个项目，却有 {len(each)} 个分数。")
    try:
        points = np.array([int(each) for each in chain.from_iterable(split)], dtype=np.int64)
    except (ValueError, OverflowError):
        for at, each in enumerate(split):
            if not all(_WHOLE.fullmatch(one.strip()) and abs(int(one)) <= _POINTS_MAX for one in each):
                raise Broken(table.lines[at], f"分数不是整数：{cells[at]}。") from None
        raise
    if np.abs(points).max(initial=0) > _POINTS_MAX:
        at = int(voter[np.argmax(np.abs(points) > _POINTS_MAX)])
        raise Broken(table.lines[at], f"分数过大：{cells[at]}。")
    return points


def _threshold(text: str) -> int | None:
    """Return the least whole number of points that is not below what is written."""
    if not text.strip():
        return None
    amount, places = _amount(text, 0, "min_project_score_threshold")
    return -(-_scaled(amount, places) // 10**places)


def write(meta: Mapping[str, str], projects: Table, votes: Table) -> str:
    """Return the text of a file, every cell as it stands."""
    out = io.StringIO(newline="")
    rows = csv.writer(out, delimiter=";", lineterminator="\n")
    rows.writerows([["META"], ["key", "value"], *meta.items()])
    for name, table in (("PROJECTS", projects), ("VOTES", votes)):
        rows.writerow([name])
        rows.writerow(table.columns)
        rows.writerows(table.rows)
    return out.getvalue()
