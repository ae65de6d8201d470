"""How a case is told in the office's lists."""

from django.utils.translation import get_language

from haitang.cases.queries import CaseView


def category_name(view: CaseView) -> str:
    """Return the name of a case's category in the reader's language, "" where it has none."""
    if view.category is None:
        return ""
    return view.category.name if (get_language() or "zh").startswith("zh") else view.category.name_en
