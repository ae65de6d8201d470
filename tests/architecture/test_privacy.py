"""Every field is classified, and what the product promises never to keep has no field to be kept in."""

import dataclasses
import re
from collections import Counter
from typing import Annotated, get_args, get_origin, get_type_hints

from django.db import models as fields

from haitang.core.facts import known_facts
from haitang.core.privacy import Privacy
from haitang.core.shipped import read_shipped
from haitang.privacy.values import CLEANERS, How
from tests.architecture.building import models

NEVER = re.compile(
    r"(^|_)(religio(n|us)|faith|belief|ethnic(ity)?|race|politic(s|al)|party_member\w*|ideology|vote_choice|"
    r"trail|track|trajectory|attendance|clock_(in|out)|online|last_seen|face\w*|fingerprint|biometric\w*|"
    r"key_person\w*|blacklist\w*|petition(er)?_(count|record))(_|$)"
)
NEVER_IN_WORDS = re.compile("宗教|信仰|民族|种族|政治面貌|政治倾向|轨迹|考勤|打卡|在线时长|人脸|指纹|重点人员|黑名单")
NEVER_OF_PEOPLE = re.compile(r"(^|_)(score|credit|points|rank|ranking|level_of_trust)(_|$)")
NEVER_OF_PEOPLE_IN_WORDS = re.compile("积分|评分|信用|排名|得分")


def test_every_field_of_every_model_is_classified():
    broken = []
    for model in models():
        privacy = getattr(model, "PRIVACY", {})
        names = {
            f.name for f in model._meta.concrete_fields if not isinstance(f, fields.AutoField | fields.BigAutoField)
        }
        broken += [f"{model.__name__}.{name} has no class" for name in sorted(names - set(privacy))]
        broken += [
            f"{model.__name__}.PRIVACY names {name}, which is no field"
            for name in sorted(set(privacy) - names - {"id"})
        ]
        broken += [
            f"{model.__name__}.{name}: {value!r}" for name, value in privacy.items() if not isinstance(value, Privacy)
        ]
    assert not broken, "\n".join(broken)


def test_every_table_with_personal_data_says_once_how_long_it_is_kept():
    """See privacy/data/retention.toml; what the nightly job is to erase, an app has joined to do."""
    personal = {
        model._meta.label
        for model in models()
        if {Privacy.PERSONAL, Privacy.SENSITIVE, Privacy.SECRET} & set(model.PRIVACY.values())
    }
    rules = read_shipped("privacy", "retention.toml")
    told = Counter(table for rule in rules.values() for table in rule["tables"])
    assert not personal - told.keys(), f"no rule keeps {sorted(personal - told.keys())}"
    assert not told.keys() - personal, f"no such personal table: {sorted(told.keys() - personal)}"
    assert not [table for table, count in told.items() if count > 1]
    assert {code for code, rule in rules.items() if rule["how"] == How.ERASE} == {each.code for each in CLEANERS}
    assert all(rule["source"] and (rule["how"] != How.RULE or rule["kept_by"]) for rule in rules.values())


def test_every_fact_is_frozen_and_every_field_of_it_classified():
    broken = []
    for fact in known_facts():
        name = f"{fact.__module__}.{fact.__name__}"
        if not dataclasses.is_dataclass(fact) or not fact.__dataclass_params__.frozen:
            broken.append(f"{name} is not frozen")
            continue
        if not fact.subject_type:
            broken.append(f"{name} has no subject_type")
        hints = get_type_hints(fact, include_extras=True)
        for field in dataclasses.fields(fact):
            hint = hints[field.name]
            if get_origin(hint) is not Annotated or not any(isinstance(a, Privacy) for a in get_args(hint)[1:]):
                broken.append(f"{name}.{field.name} has no class")
        first = dataclasses.fields(fact)[0].name
        if get_args(hints[first])[:1] != (int,):
            broken.append(f"{name}.{first} comes first and must be the subject's id")
    assert not broken, "\n".join(broken)


def test_a_fact_is_named_once():
    names = Counter(fact.__name__ for fact in known_facts())
    assert not [name for name, count in names.items() if count > 1]


def test_what_a_fact_keeps_is_no_secret():
    """The history cannot be changed: nothing that opens a door, or is encrypted elsewhere, may enter it."""
    broken = []
    for fact in known_facts():
        for name, hint in get_type_hints(fact, include_extras=True).items():
            if {Privacy.SECRET, Privacy.SENSITIVE} & set(get_args(hint)[1:]):
                broken.append(f"{fact.__name__}.{name}")
    assert not broken, "\n".join(broken)


def test_every_fact_has_a_name_of_its_own_and_names_its_fields():
    broken = []
    for fact in known_facts():
        if not vars(fact).get("label"):
            broken.append(f"{fact.__name__} has no label")
        names = {field.name for field in dataclasses.fields(fact)}
        broken += [f"{fact.__name__}.{name} has no label" for name in sorted(names - set(fact.field_labels))]
    named = Counter(str(fact.label) for fact in known_facts())
    broken += [f"{label} is the label of {count} facts" for label, count in named.items() if count > 1]
    assert not broken, "\n".join(broken)


def _is_about_people(model) -> bool:
    related = {field.related_model for field in model._meta.concrete_fields if field.is_relation}
    return "people" in {model._meta.app_label} | {other._meta.app_label for other in related}


def test_nobody_is_scored_watched_or_asked_what_they_believe():
    broken = []
    for model in models():
        for field in model._meta.concrete_fields:
            words = f"{field.verbose_name}"
            if NEVER.search(field.name) or NEVER_IN_WORDS.search(words):
                broken.append(f"{model.__name__}.{field.name} {words}")
            if _is_about_people(model) and (
                NEVER_OF_PEOPLE.search(field.name) or NEVER_OF_PEOPLE_IN_WORDS.search(words)
            ):
                broken.append(f"{model.__name__}.{field.name} {words}")
    for fact in known_facts():
        broken += [f"{fact.__name__}.{f.name}" for f in dataclasses.fields(fact) if NEVER.search(f.name)]
    assert not broken, "\n".join(broken)
