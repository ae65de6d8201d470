"""Template tags of the UI components: `{% load ui %}`."""

from datetime import date, datetime, timedelta
from typing import Any

from django import template
from django.forms import BaseForm
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils import translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from haitang.core import clock
from haitang.core.ui import panels as panel_ports

register = template.Library()
WAN = 10_000
COLOURS = {"red", "orange", "green", "blue", "grey"}


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Draw an icon from the sprite; without a label it is decoration and hidden from screen readers."""
    look = "icon ht-icon-filled" if name.endswith("-filled") else "icon"
    for_whom = format_html('role="img" aria-label="{}"', label) if label else mark_safe('aria-hidden="true"')
    address = f"{static('tabler-icons/icons.svg')}#{name}"
    return format_html('<svg class="{}" {} focusable="false"><use href="{}"></use></svg>', look, for_whom, address)


@register.simple_tag(takes_context=True)
def panels(context: template.Context, port: str, about: Any) -> SafeString:
    """Draw the panels that apps above have added at that port of core.ui.panels."""
    request = context["request"]
    found = [panel for provider in getattr(panel_ports, port) if (panel := provider(request, about)) is not None]
    drawn = [render_to_string(panel.template, dict(panel.context), request) for panel in found]
    return mark_safe("".join(drawn))  # noqa: S308 - templates have escaped what they were given


@register.filter
def when(instant: datetime | date | None) -> SafeString | str:
    """Write an instant as a clerk would: "今天 14:05", "昨天 09:30", "11月3日 16:20"; its title is the full instant."""
    if not instant:
        return ""
    if not isinstance(instant, datetime):
        return format_html('<time datetime="{}">{}</time>', instant.isoformat(), _day(instant))
    local = instant.astimezone(clock.LOCAL)
    text = f"{_day(local.date())} {local:%H:%M}"
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S}",
        text,
    )


def _day(day: date) -> str:
    today = clock.local_date(clock.now())
    near = {0: _("今天"), 1: _("昨天"), -1: _("明天")}.get((today - day).days)
    if near:
        return near
    if (translation.get_language() or "").startswith("zh"):
        return f"{day.month}月{day.day}日" if day.year == today.year else f"{day.year}年{day.month}月{day.day}日"
    return f"{day:%d %b}" if day.year == today.year else f"{day:%d %b %Y}"


@register.filter
def duration(seconds: float | timedelta | None) -> str:
    """Write a length of time by its two largest units: "2天3小时", "45分钟"; less than a minute is said so."""
    if seconds is None or seconds == "":
        return ""
    total = int(abs(seconds.total_seconds() if isinstance(seconds, timedelta) else seconds))
    if total < 60:
        return _("不到1分钟")
    days, rest = divmod(total, 86_400)
    hours, rest = divmod(rest, 3_600)
    minutes = rest // 60
    named = [(days, _("%d天")), (hours, _("%d小时")), (minutes, _("%d分钟"))]
    while not named[0][0]:
        named.pop(0)
    return "".join(unit % number for number, unit in named[:2] if number).strip()


@register.filter
def number(count: float | None) -> str:
    """Write a number in full with separators: 1,234,567."""
    return "" if count is None or count == "" else f"{count:,}"


@register.filter
def wan(number: float | None) -> str:
    """Write a large number as read in China: 12,345,678 gives "1234.6万"; in English "12.3M"."""
    if number is None or number == "":
        return ""
    if abs(number) < WAN:
        return f"{number:,}"
    if not (translation.get_language() or "").startswith("zh"):
        return f"{number / 1_000_000:.1f}M" if abs(number) >= 1_000_000 else f"{number / 1_000:.1f}k"
    return f"{number / WAN:.1f}".removesuffix(".0") + "万" if abs(number) < WAN * WAN else f"{number / WAN / WAN:.2f}亿"


@register.filter
def lonlat(point: Any) -> str:
    """Write a WGS84 point as "lon,lat" for a data attribute: a pair, a dict or an object with lon and lat."""
    if not point:
        return ""
    if isinstance(point, str):
        return point
    if isinstance(point, dict):
        lon, lat = point.get("lon"), point.get("lat")
    elif hasattr(point, "lon"):
        lon, lat = point.lon, point.lat
    else:
        lon, lat = point
    return "" if lon is None or lat is None else f"{float(lon):.7f},{float(lat):.7f}"


@register.filter
def filled(form: BaseForm) -> int:
    """Return how many of the fields that a filter row shows narrow the list."""
    return sum(1 for field in form.visible_fields() if field.value() not in (None, "", False, [], field.initial))


@register.filter
def colour(name: str | None) -> str:
    """Return the name of one of the five status colours, grey for anything else."""
    return name if name in COLOURS else "grey"
