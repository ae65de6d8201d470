"""What people of the demo city report, in words that differ from case to case, and what offices answer.

A template says facts in brackets to choose from and slots for places; around them come the opening that fits the
channel and the request that fits the kind. Which templates come up follows the month and the hour: no ice in July,
building noise at night. Nothing here is about politics, religion, ethnicity or any named person's misdeeds.
"""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from random import Random

from haitang.demo import names
from haitang.demo.city import City, Place

CHANNELS = {
    "p": "patrol", "t": "phone", "x": "wechat", "v": "visit", "h": "hotline", "w": "web", "i": "iot", "r": "transfer",
}  # fmt: skip
# How often each channel is used: patrols and the hotline bring most. Source: the mix of 来源 in district reports.
_CHANNEL_WEIGHTS = {"p": 24, "t": 8, "x": 14, "v": 6, "h": 22, "w": 18, "i": 40, "r": 5}
_SEASONS = {
    "spring": (3, 4, 5), "summer": (6, 7, 8, 9), "autumn": (10, 11), "winter": (12, 1, 2), "rain": (5, 6, 7, 8, 9),
}  # fmt: skip
_HOURS = {
    "day": range(8, 18), "night": range(18, 23), "late": (20, 21, 22, 23, 0, 1, 5, 6), "rush": (7, 8, 17, 18),
}  # fmt: skip
_STAFF = "pi"
# No lifts, gates and owners' meetings in villages, no burning fields in town.
_IN_TOWN_ONLY = ("302", "303", "306", "30703", "30708", "30803", "10306", "10507")
_IN_VILLAGES_ONLY = ("20509",)
# Kinds that are answered in words: the phrases about work on the spot do not fit them.
_SPOKEN = ("inquiry", "suggestion", "praise")

_OPENINGS = {
    "p": ("", "巡查发现，", "网格巡查发现，", "日常巡查时看到，"),
    "t": ("来电反映，", "居民来电：", "来电人称，"),
    "x": ("", "", "您好，", "麻烦反映一下，"),
    "v": ("走访时居民反映，", "入户走访了解到，", "走访中了解到，"),
    "h": ("市民来电反映，", "来电人反映，", "12345来电：", "市民反映，"),
    "w": ("", "", "", "你好，", "反映一个问题："),
    "i": ("设备告警：", "感知设备上报："),
    "r": ("部门转来：", "转办件："),
}
_REQUESTS = {
    "help": ("请尽快安排处理", "麻烦派人来看看", "希望早点解决", "盼尽快处理", "请帮忙解决", ""),
    "complaint": ("请有关部门管一管", "希望彻底解决", "请尽快处理", "要求处理并答复", "请核实处理", "希望加强管理", ""),
    "denunciation": ("请依法查处，并为反映人保密", "请核实，勿透露反映人信息"),
    "inquiry": ("麻烦告知", "请答复", "谢谢", "盼复"),
    "suggestion": ("请考虑", "希望采纳", "谢谢", ""),
    "praise": ("特此表扬", "请转达谢意", "谢谢他们"),
}
_RATINGS = {
    5: (
        "问题解决了，速度很快，谢谢。", "当天就有人来，很满意。", "处理得很到位，点赞。",
        "工作人员态度好，事情办得实在。", "没想到这么快，谢谢大家。", "",
    ),
    4: ("解决了，就是等得稍久。", "总体满意，希望以后多巡查。", "处理得不错。", "基本满意。", ""),
    3: ("解决了一部分，还需观察。", "处理得一般，没有人提前联系。", "勉强可以。", ""),
    2: ("处理得太慢。", "只是临时处理，过几天可能又会这样。", "答复比较笼统。"),
    1: ("没有解决，问题还在。", "根本没人来看过。", "说办结了，现场还是老样子。"),
}  # fmt: skip
_ALTERNATIVES = re.compile(r"\[([^\]]*)\]")
_URGENCY = re.compile("紧急|立即|抢修|隐患")
_SLOT = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True, slots=True)
class Template:
    """One sort of report; fields as explained at the head of data/texts.toml, channels as single letters."""

    category: str
    channels: str
    text: str
    kind: str = "help"
    effect: str = ""
    answer: str = ""
    season: str = ""
    hours: str = ""
    weight: int = 3

    def likelihood(self, month: int, hour: int, *, village: bool) -> float:
        """Return how likely such a report is in that month and hour and there; 0 where it would be absurd."""
        if self.season and month not in _SEASONS[self.season]:
            return 0.0
        if self.category.startswith(_IN_TOWN_ONLY) if village else self.category.startswith(_IN_VILLAGES_ONLY):
            return 0.0
        return self.weight * (1.0 if not self.hours or hour in _HOURS[self.hours] else 0.15)


@dataclass(frozen=True, slots=True)
class Words:
    """The place words of one grid: what fills the slots of a description."""

    estate: str
    community: str
    roads: tuple[str, ...]
    river: str
    village: bool


@cache
def templates() -> tuple[Template, ...]:
    """Return every template shipped with the demo."""
    listed = tomllib.loads(files("haitang.demo").joinpath("data/texts.toml").read_text("utf-8"))["template"]
    short = {"c": "category", "ch": "channels", "t": "text", "k": "kind", "e": "effect", "d": "answer", "s": "season"}
    short |= {"o": "hours", "n": "weight"}
    return tuple(Template(**{short[key]: value for key, value in each.items()}) for each in listed)


@cache
def phrases() -> Mapping[str, list[str]]:
    """Return the shipped phrases of each deed (accept, dispatch …)."""
    return tomllib.loads(files("haitang.cases").joinpath("data/phrases.toml").read_text("utf-8"))["phrases"]


def words_of(city: City) -> dict[str, Words]:
    """Return the place words of every grid, by its code; the grids of one community share roads and river."""
    estates: dict[str, str] = {}
    for building in city.buildings:
        estates.setdefault(building.parent, re.sub(r"\d+[幢号]$", "", building.name))
    found = {}
    for number, community in enumerate(city.communities):
        roads = tuple(names.ROADS[(number * 5 + step * 7) % len(names.ROADS)] for step in range(3))
        river = names.RIVERS[number % len(names.RIVERS)]
        for grid in city.grids:
            if grid.parent == community.code:
                found[grid.code] = Words(estates[grid.code], community.name, roads, river, community.kind == "village")
    return found


def choose(rng: Random, month: int, hour: int, *, village: bool) -> tuple[Template, str]:
    """Return a template that suits the month, the hour (Asia/Shanghai) and the place, and a letter for the channel."""
    listed = templates()
    template = rng.choices(listed, [each.likelihood(month, hour, village=village) for each in listed])[0]
    channel = rng.choices(template.channels, [_CHANNEL_WEIGHTS[each] for each in template.channels])[0]
    return template, channel


def describe(rng: Random, template: Template, channel: str, words: Words, building: Place) -> str:
    """Return the description of a case at or near that building, as it would come in through the channel."""
    parts = [_fill(rng, rng.choice(_OPENINGS[channel]) + template.text, words, building)]
    if channel not in _STAFF and template.effect and rng.random() < 0.7:
        parts.append(_fill(rng, template.effect, words, building))
    text = "，".join(parts)
    request = rng.choice(_REQUESTS[template.kind]) if channel not in _STAFF else ""
    return f"{text}。{request}。" if request and rng.random() < 0.5 else f"{text}{'，' + request if request else ''}。"


def answer(rng: Random, template: Template) -> str:
    """Return what the handler says was done."""
    spoken = template.kind in _SPOKEN or rng.random() < 0.85
    return template.answer if spoken else opinion(rng, "handle")


def opinion(rng: Random, deed: str, *, urgent: bool = False) -> str:
    """Return one of the shipped phrases for the deed; those that speak of urgency only where there is some."""
    return rng.choice([phrase for phrase in phrases()[deed] if urgent or not _URGENCY.search(phrase)])


def rating_text(rng: Random, score: int) -> str:
    """Return what a reporter adds to a score from 1 to 5; often nothing."""
    return rng.choice(_RATINGS[score])


def _fill(rng: Random, text: str, words: Words, building: Place) -> str:
    """Choose among the alternatives and fill the slots, each slot once and the same wherever it stands."""
    text = _ALTERNATIVES.sub(lambda found: rng.choice(found[1].split("|")), text)
    road, other = rng.sample(words.roads, 2)
    number = "".join(filter(str.isdigit, building.name))
    slots = {
        "estate": words.estate,
        "no": number,
        "community": words.community,
        "road": road,
        "cross": f"{road}与{other}路口",
        "river": words.river,
        "park": f"{words.estate}旁的口袋公园" if rng.random() < 0.4 else f"{words.river}滨水公园",
        "school": f"{words.community.removesuffix('社区').removesuffix('村')}小学",
        "hamlet": words.estate,
        **{kind: names.shop_name(rng, kind) for kind in names.SHOP_KINDS},
        "floor": str(rng.randint(2, 11)) if not words.village else "2",
        "days": rng.choice(("两", "三", "四", "五", "七", "十")),
        "num": str(rng.randint(2, 9)),
        "cm": str(rng.choice((3, 5, 8, 10, 12, 15, 20))),
    }
    slots["place"] = rng.choice((
        f"{words.estate}{rng.choice(('东', '南', '西', '北'))}门外", f"{words.estate}{number}幢旁",
        f"{road}{slots['shop']}门前", slots["cross"], f"{road}{rng.choice(('东侧', '西侧', '中段'))}",
    ))  # fmt: skip
    filled = _SLOT.sub(lambda found: slots[found[1]], text)
    return filled.replace("幢", "号") if words.village else filled
