"""Several processes, one access token; the same message several times at once, one case."""

import pytest

from haitang.cases.models import Case
from haitang.core.access import VISITOR
from haitang.testing.actors import NOW
from haitang.testing.cases import build_town
from haitang.testing.crowds import at_once
from haitang.wechat import actions
from haitang.wechat.actions import asking
from haitang.wechat.tests import platform as wechat
from haitang.wechat.tests.conftest import enter
from haitang.wechat.values import Message

pytestmark = pytest.mark.django_db(transaction=True)


def message(text, key):
    return Message(wechat.OURS, "oVxVd5Ka1bGk8d9mOQ2pYzB7c3X0", int(NOW.timestamp()), "text", key, text)


def test_of_many_processes_one_asks_for_the_token_and_one_message_is_one_case(platform):
    build_town()
    enter()
    tokens = []
    assert at_once(*[lambda: tokens.append(asking.access_token(NOW)) for _n in range(8)]) == [None] * 8
    assert (len(set(tokens)), platform.token_calls) == (1, 1)
    actions.take_message(actor=VISITOR, message=message("路灯不亮", "1"), now=NOW)
    actions.take_message(actor=VISITOR, message=message("春和社区3幢门口", "2"), now=NOW)
    said = []
    send = message("提交", "3")
    deeds = [lambda: said.append(actions.take_message(actor=VISITOR, message=send, now=NOW)) for _n in range(6)]
    assert at_once(*deeds) == [None] * 6
    assert len(set(said)) == 1
    assert Case.objects.count() == 1
