"""What the architecture tests share: the tiers (read from pyproject.toml), the apps, their modules and models."""

import importlib
import pathlib
import pkgutil
import tomllib
from types import ModuleType

from django.apps import apps as registry
from django.db.models import Model

ROOT = pathlib.Path(__file__).parents[2]
SRC = ROOT / "src" / "haitang"
_CONTRACT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"][0]
TIERS: list[list[str]] = [[name.strip() for name in line.split("|")] for line in reversed(_CONTRACT["layers"])]
"""Low to high; siblings share a tier."""
OUTSIDE = {"core", "clustering", "matching", "tallying", "config", "runtime", "bench", "chaos", "testing"}
"""No apps: what all stand on, libraries without rows, what assembles them, what measures and what kills
them, writing rows by themselves, and what tests share."""
APPS = [name for tier in TIERS for name in tier if name not in OUTSIDE]
DOORS = {"actions", "queries", "values", "facts", "lifecycle"}


def tier_of(app: str) -> int:
    """Return how high the app stands."""
    return next(height for height, names in enumerate(TIERS) if app in names)


def models() -> list[type[Model]]:
    """Return our own models, those of core included."""
    return [model for model in registry.get_models() if model.__module__.startswith("haitang.")]


def room(app: str, name: str) -> list[ModuleType]:
    """Return the modules of a room, the door first: one file, or a package and all in it; none without that room."""
    path = SRC / app / name
    if not path.with_suffix(".py").exists() and not path.is_dir():
        return []
    found = [importlib.import_module(f"haitang.{app}.{name}")]
    if path.is_dir():
        found += [importlib.import_module(m.name) for m in pkgutil.walk_packages([str(path)], f"{found[0].__name__}.")]
    return found


def sources(app: str) -> list[pathlib.Path]:
    """Return the app's own Python files, without migrations and tests."""
    files = (SRC / app).rglob("*.py")
    return [path for path in files if not {"migrations", "tests"} & set(path.relative_to(SRC).parts)]
