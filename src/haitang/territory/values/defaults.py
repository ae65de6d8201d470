"""The shipped defaults of this app, read once from data/defaults.toml."""

import tomllib
from importlib.resources import files

_SHIPPED = tomllib.loads(files("haitang.territory").joinpath("data/defaults.toml").read_text("utf-8"))

BOUNDARY: dict[str, float] = _SHIPPED["boundary"]
LISTS: dict[str, int] = _SHIPPED["list"]
CODE_RULES: list[dict] = _SHIPPED["code_rule"]
