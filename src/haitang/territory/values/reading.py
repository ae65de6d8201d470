"""GeoJSON and typed coordinates as people send them: bytes and texts that may be anything at all."""

import json
import re
from typing import Any

from django.utils.translation import gettext as _

from haitang.territory.values.words import InvalidBoundary

_PAIR = re.compile(r"\s*(-?\d{1,3}(?:\.\d+)?)\s*[,，\s]\s*(-?\d{1,3}(?:\.\d+)?)\s*")
_LINE_SHOWN = 40


def read_json(data: bytes) -> Any:
    """Return the JSON values in UTF-8 bytes, a byte order mark or not. Raises InvalidBoundary for anything else."""
    try:
        return json.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise InvalidBoundary(_("文件不是 UTF-8 编码的 GeoJSON，请另存为 UTF-8 后重试")) from error
    except json.JSONDecodeError as error:
        raise InvalidBoundary(
            _("文件不是有效的 JSON（第 %(line)d 行第 %(column)d 列有误）")
            % {"line": error.lineno, "column": error.colno}
        ) from error
    except (ValueError, RecursionError) as error:
        raise InvalidBoundary(_("文件不是有效的 GeoJSON")) from error


def geometry_in(document: Any) -> Any:
    """Return the one geometry in a GeoJSON document: a geometry, a feature, or a collection of one feature."""
    if isinstance(document, dict) and document.get("type") == "FeatureCollection":
        features = document.get("features")
        if not isinstance(features, list) or len(features) != 1:
            raise InvalidBoundary(_("文件中应只有一个要素；多个区域请用“批量导入边界”"))
        document = features[0]
    if isinstance(document, dict) and document.get("type") == "Feature":
        return document.get("geometry")
    return document


def read_typed(text: str) -> Any:
    """Return the geometry in a typed text: GeoJSON, or one "longitude, latitude" per line around the area."""
    text = text.strip()
    if text.startswith(("{", "[")):
        return geometry_in(read_json(text.encode()))
    ring = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        pair = _PAIR.fullmatch(line)
        if pair is None:
            raise InvalidBoundary(
                _("第 %(n)d 行“%(line)s”不是“经度, 纬度”") % {"n": number, "line": line.strip()[:_LINE_SHOWN]}
            )
        ring.append([float(pair[1]), float(pair[2])])
    return {"type": "Polygon", "coordinates": [ring]}
