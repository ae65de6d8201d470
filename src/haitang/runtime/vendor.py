"""Copies the few front-end files that pages use out of node_modules, and makes one sprite of the named icons.

Run at set-up: `python -m haitang.runtime.vendor node_modules static/vendor`.
htmx comes from the django-htmx package. Icons are named, one on a line, in `core/ui/icons.txt`.
"""

import importlib.util
import re
import shutil
import sys
from pathlib import Path
from xml.etree import ElementTree

FILES = {
    "@tabler/core/dist/css/tabler.min.css": "tabler/tabler.min.css",
    "leaflet/dist/leaflet.css": "leaflet/leaflet.css",
    "leaflet/dist/leaflet.js": "leaflet/leaflet.js",
    "leaflet/dist/images": "leaflet/images",
    "@tabler/icons/LICENSE": "tabler-icons/LICENSE",
    "leaflet/LICENSE": "leaflet/LICENSE",
}
HTMX = "static/django_htmx/htmx-4.min.js"
ICONS = Path(__file__).parents[1] / "core" / "ui" / "icons.txt"
_SVG = "http://www.w3.org/2000/svg"
_PEN = {
    "outline": {
        "fill": "none",
        "stroke": "currentColor",
        "stroke-width": "2",
        "stroke-linecap": "round",
        "stroke-linejoin": "round",
    },
    "filled": {"fill": "currentColor"},
}
_SOURCE_MAP = re.compile(r"^\s*(//[#@]\s*sourceMappingURL=.*|/\*[#@]\s*sourceMappingURL=[^*]*\*/)\s*$", re.MULTILINE)


def copy(modules: Path, target: Path, icons: list[str]) -> None:
    """Fill the target directory anew from node_modules; it is complete or as it was before.

    Raises FileNotFoundError for a file or an icon that the packages do not have.
    """
    fresh = target.with_name(target.name + ".new")
    shutil.rmtree(fresh, ignore_errors=True)
    for source, name in FILES.items():
        destination = fresh / name
        destination.parent.mkdir(parents=True, exist_ok=True)
        if (modules / source).is_dir():
            shutil.copytree(modules / source, destination)
        elif destination.suffix in {".css", ".js"}:
            destination.write_text(without_source_maps((modules / source).read_text("utf-8")), "utf-8")
        else:
            shutil.copyfile(modules / source, destination)
    (fresh / "htmx").mkdir()
    (fresh / "htmx" / "htmx.min.js").write_text(without_source_maps(htmx().read_text("utf-8")), "utf-8")
    (fresh / "tabler-icons" / "icons.svg").write_text(sprite(modules / "@tabler" / "icons" / "icons", icons), "utf-8")
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)


def htmx() -> Path:
    """Return the file of htmx 4 in the django-htmx package."""
    package = importlib.util.find_spec("django_htmx")
    if package is None or package.origin is None:
        raise FileNotFoundError("django-htmx")
    return Path(package.origin).parent / HTMX


def without_source_maps(text: str) -> str:
    """Return the text without its references to source maps, which are not shipped and would not be found."""
    return _SOURCE_MAP.sub("", text)


def sprite(directory: Path, icons: list[str]) -> str:
    """Return one SVG with a symbol for each icon; `name` is the outline, `name-filled` the filled form."""
    ElementTree.register_namespace("", _SVG)
    root = ElementTree.Element(f"{{{_SVG}}}svg")
    for name in icons:
        style, file = ("filled", name.removesuffix("-filled")) if name.endswith("-filled") else ("outline", name)
        text = (directory / style / f"{file}.svg").read_text("utf-8")
        drawing = ElementTree.fromstring(text)  # noqa: S314 - from a package whose hash is in our lock
        box = {"id": name, "viewBox": drawing.get("viewBox", "0 0 24 24")}
        symbol = ElementTree.SubElement(root, f"{{{_SVG}}}symbol", box | _PEN[style])
        symbol.extend(shape for shape in drawing if shape.get("d") != "M0 0h24v24H0z")
    return ElementTree.tostring(root, encoding="unicode") + "\n"


def listed(path: Path = ICONS) -> list[str]:
    """Return the icons named in the list file, without blanks and comments."""
    lines = (line.split("#")[0].strip() for line in path.read_text("utf-8").splitlines())
    return sorted({line for line in lines if line})


if __name__ == "__main__":
    copy(Path(sys.argv[1]), Path(sys.argv[2]), listed())
