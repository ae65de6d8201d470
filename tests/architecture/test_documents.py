"""What the documents say is there, is there: paths, commands, names, sources, environment variables, pictures."""

import re
import subprocess
from itertools import pairwise, product

import pytest
from django.core.management import get_commands

from haitang.config import reference
from haitang.runtime.console import OWN
from tests.architecture.building import APPS, ROOT, SRC, TIERS

DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.rglob("*.md"), *ROOT.glob("*.md")])
PICTURE_BYTES_MAX = 300_000
PICTURES_MAX = 10
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`([^`\n]+)`")
LIKE_A_PATH = re.compile(r"[\w.-]+(/[\w.*-]+)+/?")
BY_COMMAND_LINE = re.compile(r"(?:^|&& |; )(?:[A-Z_]+=\S+ )*(haitang|make) ([a-z][\w-]*)", re.MULTILINE)
CLAUSE = re.compile(r"《[^》]+》|(?:GB(?:/T)?|CJ/T|GA/T|RFC|ISO/IEC|NIST SP) [\d.-]*\d")
SOURCE = re.compile(r"Source: ((?:.(?!\n\s*\n|\"\"\"|Raises))+.)", re.DOTALL)


def _name(path) -> str:
    return str(path.relative_to(ROOT))


def _code(text: str) -> list[str]:
    """The pieces of a page that are set as code: fenced blocks and spans."""
    return [body for _, body in FENCE.findall(text)] + SPAN.findall(FENCE.sub("", text))


def _sources() -> list:
    return [path for path in SRC.rglob("*.py") if "tests" not in path.parts and "migrations" not in path.parts]


def test_the_reference_is_what_the_code_says():
    stale = [
        name
        for name, text in reference.pages().items()
        if not (DOCS / "reference" / name).exists() or (DOCS / "reference" / name).read_text("utf-8") != text
    ]
    assert not stale, "run `haitang reference` and commit what it writes"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_link_leads_somewhere(page):
    text = FENCE.sub("", page.read_text("utf-8"))
    targets = [target.partition("#")[0] for target in LINK.findall(text) if "://" not in target]
    assert not [target for target in targets if target and not (page.parent / target).exists()]


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_path_is_true(page):
    tops = {path.name for path in ROOT.iterdir()} - {"static", "node_modules"}
    missing = []
    for piece in SPAN.findall(FENCE.sub("", page.read_text("utf-8"))):
        if not LIKE_A_PATH.fullmatch(piece):
            continue
        first = piece.split("/")[0]
        base = ROOT if first in tops else SRC if first in {"core", "config", "runtime", *APPS} else None
        if base is not None and not list(base.glob(piece.rstrip("/"))):
            missing.append(piece)
    assert not missing


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_command_exists(page):
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    commands = set(OWN) | {name.replace("_", "-") for name in get_commands()} | set(get_commands())
    known = {"make": targets, "haitang": commands}
    missing = []
    for piece in _code(page.read_text("utf-8")):
        named = BY_COMMAND_LINE.findall(piece)
        missing += [f"{program} {name}" for program, name in named if name not in known[program]]
    assert not missing


def test_the_glossary_names_what_the_code_names():
    text = (DOCS / "glossary.md").read_text("utf-8")
    code = "\n".join(path.read_text("utf-8") for path in _sources())
    code += "\n".join(path.read_text("utf-8") for path in SRC.rglob("data/*.toml"))
    words = {word for line in text.splitlines() if line.startswith("| ") for word in SPAN.findall(line)}
    assert words
    assert not [word for word in sorted(words) if not re.search(rf"(?<!\w){re.escape(word)}(?!\w)", code)]


def test_every_source_named_in_the_code_is_told_of():
    known = (DOCS / "sources.md").read_text("utf-8")
    anchors = re.findall(r"^#+ (.+)$", known, re.MULTILINE)
    unknown = []
    for path in _sources():
        for said in SOURCE.findall(path.read_text("utf-8")):
            clauses = CLAUSE.findall(said)
            missing = [clause for clause in clauses if clause not in known]
            if missing or not (clauses or any(anchor in said for anchor in anchors)):
                unknown.append(f"{_name(path)}: {missing or ' '.join(said.split())[:80]}")
    for path in SRC.rglob("data/*.toml"):
        said = re.findall(r'^\s*source = "(.*)"$', path.read_text("utf-8"), re.MULTILINE)
        unknown += {
            f"{_name(path)}: {clause}" for text in said for clause in CLAUSE.findall(text) if clause not in known
        }
    assert not unknown, "\n".join(unknown)


def test_every_environment_variable_is_described_and_no_other():
    told = set(
        re.findall(r"`(HAITANG_[A-Z_]+|PORT|DATABASE_URL)", (DOCS / "operate/environment.md").read_text("utf-8"))
    )
    code = "\n".join(path.read_text("utf-8") for path in _sources())
    read = set(re.findall(r"[\"'](HAITANG_[A-Z_]+|PORT|DATABASE_URL)[\"']", code)) | {"HAITANG_SECRET_"}
    assert told == read


def test_every_decision_has_its_number_and_its_parts():
    pages = sorted((DOCS / "decisions").glob("*.md"))
    numbers = [page.name[:4] for page in pages]
    assert numbers == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert page.read_text("utf-8").startswith(f"# {int(page.name[:4])}. "), page.name


def test_the_guide_says_the_same_in_both_languages():
    chinese, english = ({page.name for page in (DOCS / "guide" / tongue).glob("*.md")} for tongue in ("zh", "en"))
    assert chinese
    assert chinese == english


def test_pictures_are_few_and_light():
    pictures = list((DOCS / "pictures").glob("*"))
    assert len(pictures) <= PICTURES_MAX
    assert not [path.name for path in pictures if path.suffix != ".png" or path.stat().st_size > PICTURE_BYTES_MAX]
    shown = "".join(page.read_text("utf-8") for page in PAGES)
    assert not [path.name for path in pictures if path.name not in shown]


def test_no_address_of_this_machine_or_of_a_registry_is_in_the_repository():
    listed = subprocess.run(
        ["git", "ls-files", "*.md", "*.toml", "*.json", "*.lock"], cwd=ROOT, capture_output=True, text=True
    )
    if listed.returncode:
        pytest.skip("not a git working tree")
    hosts = (r"registry\.[a-z]", r"[p]ypi\.", r"python[h]osted", r"mirrors?\.")
    bad = re.compile("|".join((*hosts, r"(?<![\w.])/(?:root|opt|home)/")))
    assert not [
        name
        for name in listed.stdout.split()
        if (ROOT / name).exists() and bad.search((ROOT / name).read_text("utf-8"))
    ]


def test_the_picture_of_the_tiers_is_that_of_the_contract():
    picture = FENCE.search((DOCS / "architecture.md").read_text("utf-8"))
    assert picture is not None
    drawn = re.findall(r"^\s+([\w &]+) --> ([\w &]+)$", picture[2], re.MULTILINE)
    arrows = {pair for above, below in drawn for pair in product(above.split(" & "), below.split(" & "))}
    contract = {(upper, lower) for below, above in pairwise(TIERS) for lower in below for upper in above}
    assert arrows == contract
