"""A wish from when it is entered until it is granted, and the ways in which it is not."""

from dataclasses import replace
from datetime import timedelta

import pytest

from haitang.core.access import VISITOR, Grant
from haitang.core.errors import NotAllowed, NotSignedIn
from haitang.core.models import Entry
from haitang.testing.actors import NOW
from haitang.testing.people import refused
from haitang.volunteers.models import ServiceRecord
from haitang.wishes import actions, jobs, queries
from haitang.wishes.lifecycle import MOVES, ClaimStatus, Deed, Status
from haitang.wishes.models import Claim, Wish
from haitang.wishes.tests.cast import PHONE, claimed, confirmed, entered, new, opened, somebody, volunteer
from haitang.wishes.values import (
    AlreadyClaimed,
    BadWish,
    ClaimNotFound,
    OwnClaim,
    Permission,
    TellsWho,
    TooManyClaims,
    WishNotFound,
    WishTwice,
    WrongWishState,
)

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(days=2)


def state(wish: Wish) -> str:
    return Wish.objects.values_list("status", flat=True).get(pk=wish.pk)


def test_a_wish_is_granted_and_a_volunteers_hours_are_theirs(town, bag):
    actor, entry = volunteer(town)
    claim = confirmed(town, actor, bag)
    contact = actions.see_wish_contact(actor=actor, claim_id=claim.pk, now=NOW)
    assert (contact.name, contact.phone, contact.address) == ("李建国", "15400006666", "")
    actions.start_claim(actor=actor, claim_id=claim.pk, now=NOW)
    actions.deliver_wish(actor=actor, claim_id=claim.pk, words="交给李建国了", minutes=90, now=LATER)
    assert not ServiceRecord.objects.exists()
    actions.receive_wish(actor=town.secretary, wish_id=bag.pk, now=LATER)
    bag.refresh_from_db()
    assert (bag.status, bag.is_on_behalf) == (Status.GRANTED, True)
    (record,) = ServiceRecord.objects.all()
    assert (record.volunteer_id, record.what) == (entry.pk, "圆微心愿：想要一个双肩书包")
    assert record.ended_at - record.began_at == timedelta(minutes=90)
    actions.thank_for_wish(actor=town.secretary, wish_id=bag.pk, words="孩子很喜欢", now=LATER)
    actions.feed_back_claim(actor=actor, claim_id=claim.pk, words="下次再来", now=LATER)
    view = queries.get_my_claim(viewer=actor, claim_id=claim.pk)
    assert view.thanks == "孩子很喜欢"
    told = [entry.fact for entry in Entry.objects.filter(subject_type="family_wish", subject_id=bag.pk).order_by("id")]
    assert told == [
        "WishEntered", "WishPublished", "WishClaimed", "ClaimConfirmed", "WishContactSeen", "ClaimStarted",
        "WishDelivered", "WishFulfilled", "WishThanked", "ClaimFedBack",
    ]  # fmt: skip


def test_a_family_enters_its_own_wish_and_confirms_itself(town, lin):
    family = somebody("韩梅")
    given = new(contact="family", between_name="", between_phone="", area_code="320585001001")
    wish = actions.ask_wish(actor=family, new=given, now=NOW)
    assert (wish.status, wish.account_id) == (Status.DRAFT, family.id)
    refused(WishNotFound, queries.get_wish_page, viewer=lin, wish_id=wish.pk)
    actions.publish_wishes(actor=town.secretary, wish_ids=[wish.pk], now=NOW)
    refused(OwnClaim, claimed, actor=family, wish=wish)
    claim = confirmed(town, lin, wish)
    contact = actions.see_wish_contact(actor=lin, claim_id=claim.pk, now=NOW)
    assert (contact.name, contact.phone, contact.address) == ("韩梅", "15400007777", "春和花园3幢201")
    actions.deliver_wish(actor=lin, claim_id=claim.pk, now=NOW)
    actions.contest_delivery(actor=family, wish_id=wish.pk, reason="还没有人来", now=LATER)
    assert state(wish) == Status.PREPARING
    actions.deliver_wish(actor=lin, claim_id=claim.pk, now=LATER)
    actions.receive_wish(actor=family, wish_id=wish.pk, now=LATER)
    wish.refresh_from_db()
    assert (wish.status, wish.is_on_behalf) == (Status.GRANTED, False)
    refused(ClaimNotFound, actions.see_wish_contact, actor=lin, claim_id=claim.pk, now=LATER)


def test_what_a_family_leaves_to_the_community_is_asked_before_publishing(town):
    family = somebody("韩梅")
    wish = actions.ask_wish(actor=family, new=new(between_name="", between_phone=""), now=NOW)
    refused(BadWish, actions.publish_wishes, actor=town.secretary, wish_ids=[wish.pk], now=NOW)
    blank = new(name="", phone="", address="", story="", title="想要一个大书包")
    actions.change_wish(actor=town.secretary, wish_id=wish.pk, new=blank, now=NOW)
    wish.refresh_from_db()
    assert (wish.name, wish.phone, wish.between_name, wish.account_id) == ("韩梅", "15400007777", "李建国", family.id)
    actions.publish_wishes(actor=town.secretary, wish_ids=[wish.pk], now=NOW)
    assert state(wish) == Status.OPEN


def test_the_contact_is_shown_to_the_confirmed_claimant_alone(town, bag, lin):
    claim = claimed(lin, bag)
    refused(ClaimNotFound, actions.see_wish_contact, actor=lin, claim_id=claim.pk, now=NOW)
    actions.confirm_claim(actor=town.secretary, claim_id=claim.pk, now=NOW)
    for stranger in (somebody("路人"), town.grid, town.secretary, VISITOR):
        refused(ClaimNotFound, actions.see_wish_contact, actor=stranger, claim_id=claim.pk, now=NOW)
    actions.see_wish_contact(actor=lin, claim_id=claim.pk, now=NOW)
    actions.give_back_claim(actor=lin, claim_id=claim.pk, reason="要出差", now=NOW)
    refused(ClaimNotFound, actions.see_wish_contact, actor=lin, claim_id=claim.pk, now=NOW)
    assert state(bag) == Status.OPEN


def test_a_declined_claimant_reads_why_and_the_wish_is_open_again(town, bag, lin):
    claim = claimed(lin, bag)
    refused(BadWish, actions.decline_claim, actor=town.secretary, claim_id=claim.pk, reason=" ", now=NOW)
    actions.decline_claim(actor=town.secretary, claim_id=claim.pk, reason="电话打不通", now=NOW)
    claim.refresh_from_db()
    assert (claim.status, claim.reason, state(bag)) == (ClaimStatus.DECLINED, "电话打不通", Status.OPEN)
    assert claimed(lin, bag).pk != claim.pk


def test_a_unit_claims_through_those_who_speak_for_it(town, bag):
    desk = town.desks["ZJJ"]
    speaker = replace(town.handler, grants=town.handler.grants | {Grant(Permission.CLAIM, organization_id=desk)})
    refused(BadWish, claimed, actor=somebody("路人"), wish=bag, organization_id=desk)
    claim = confirmed(town, speaker, bag, organization_id=desk)
    colleague = replace(speaker, id=4711, name="同事")
    assert queries.get_my_claim(viewer=colleague, claim_id=claim.pk).unit
    assert queries.get_public_wish(wish_id=bag.pk).by
    actions.deliver_wish(actor=colleague, claim_id=claim.pk, minutes=30, now=LATER)
    actions.receive_wish(actor=town.secretary, wish_id=bag.pk, now=LATER)
    assert not ServiceRecord.objects.exists()


def test_nobody_confirms_their_own_claim(town, bag):
    claim = claimed(town.secretary, bag)
    refused(OwnClaim, actions.confirm_claim, actor=town.secretary, claim_id=claim.pk, now=NOW)
    other = replace(town.secretary, id=4712)
    actions.confirm_claim(actor=other, claim_id=claim.pk, now=NOW)
    actions.deliver_wish(actor=town.secretary, claim_id=claim.pk, now=NOW)
    refused(OwnClaim, actions.receive_wish, actor=town.secretary, wish_id=bag.pk, now=NOW)


def test_who_comes_too_late_or_has_too_much_under_way_reads_so(town, lin):
    bag = opened(town)
    claimed(lin, bag)
    refusal = refused(AlreadyClaimed, claimed, actor=somebody("路人"), wish=bag)
    assert "先认领" in refusal.message
    for number in range(2):
        claimed(lin, opened(town, title=f"想要第{number + 2}本字典"))
    refused(TooManyClaims, claimed, actor=lin, wish=opened(town, title="想要一盏台灯"))
    refused(NotSignedIn, claimed, actor=VISITOR, wish=bag)


def test_what_is_public_may_not_tell_whose_it_is(town):
    for words in ("送到3幢201室", "电话15400007777", "韩梅家的孩子", "给王奶奶", "三年级2班", "春和社区的孩子"):
        refusal = refused(TellsWho, entered, town=town, words=words)
        assert "words" in refusal.fields, words
    assert refused(TellsWho, entered, town=town, title="韩梅想要书包").fields["title"]
    refused(BadWish, entered, town=town, consented=False)
    refused(BadWish, entered, town=town, kind="汽车")
    refused(BadWish, entered, town=town, cost="5-6")
    refused(BadWish, entered, town=town, area_code="320585001")
    refused(BadWish, entered, town=town, between_phone="")


def test_a_family_has_the_same_wish_once(town):
    entered(town)
    refused(WishTwice, entered, town=town)
    refused(WishTwice, actions.enter_wishes, actor=town.secretary, news=[new(title="甲"), new(title="甲")], now=NOW)
    entered(town, title="想要一床被子")


def test_who_may_do_what(town, bag):
    refused(NotAllowed, actions.enter_wishes, actor=town.outsider, news=[new()], now=NOW)
    refused(NotAllowed, actions.deny_wish, actor=town.grid, wish_id=bag.pk, reason="重复", now=NOW)
    refused(WishNotFound, queries.get_wish_page, viewer=town.outsider, wish_id=bag.pk)
    refused(NotAllowed, actions.unmask_wish, actor=town.grid, wish_id=bag.pk, reason="核对", now=NOW)
    refused(BadWish, actions.unmask_wish, actor=town.secretary, wish_id=bag.pk, reason=" ", now=NOW)
    (family, between) = actions.unmask_wish(actor=town.secretary, wish_id=bag.pk, reason="核对", now=NOW)
    assert (family.phone, between.name) == ("15400007777", "李建国")
    actions.deny_wish(actor=town.secretary, wish_id=bag.pk, reason="重复", now=NOW)
    refused(
        WrongWishState,
        actions.withdraw_wish,
        actor=town.secretary,
        wish_id=opened_and_granted(town),
        reason="不",
        now=NOW,
    )


def opened_and_granted(town) -> int:
    wish = opened(town, title="想要一双球鞋")
    claim = confirmed(town, somebody("好心人"), wish)
    actions.deliver_wish(actor=town.secretary, claim_id=claim.pk, now=NOW)
    actions.receive_wish(actor=town.secretary, wish_id=wish.pk, now=NOW)
    return wish.pk


def test_a_withdrawn_wish_ends_its_claim(town, bag, lin):
    claim = confirmed(town, lin, bag)
    actions.withdraw_wish(actor=town.secretary, wish_id=bag.pk, reason="亲戚已经送了", now=NOW)
    claim.refresh_from_db()
    assert (claim.status, state(bag)) == (ClaimStatus.CLOSED, Status.WITHDRAWN)
    refused(WishNotFound, claimed, actor=somebody("路人"), wish=bag)


def test_who_does_not_move_is_reminded_and_then_the_wish_is_open_again(town, bag, lin):
    claim = confirmed(town, lin, bag)
    assert claim.remind_at < claim.due_at
    assert actions.remind_of_wishes(actor=jobs.CLOCK, now=claim.remind_at - timedelta(minutes=1)) == 0
    assert actions.remind_of_wishes(actor=jobs.CLOCK, now=claim.remind_at) == 1
    assert actions.remind_of_wishes(actor=jobs.CLOCK, now=claim.due_at) == 0
    assert Entry.objects.get(fact="ClaimReminded").data["side"] == "claimant"
    assert actions.release_late_claims(actor=jobs.CLOCK, now=claim.due_at - timedelta(minutes=1)) == 0
    assert actions.release_late_claims(actor=jobs.CLOCK, now=claim.due_at) == 1
    assert actions.release_late_claims(actor=jobs.CLOCK, now=claim.due_at) == 0
    claim.refresh_from_db()
    assert (claim.status, state(bag)) == (ClaimStatus.RELEASED, Status.OPEN)


def test_deadlines_are_of_working_days(town, bag, lin):
    """NOW is Wednesday 6 May 2026, and Saturday the 9th is worked: five working days are over with Tuesday the 12th."""
    claim = confirmed(town, lin, bag)
    assert claim.due_at.date().isoformat() == "2026-05-12"
    started = actions.start_claim(actor=lin, claim_id=claim.pk, now=NOW)
    assert started.due_at > claim.due_at
    delivered = actions.deliver_wish(actor=lin, claim_id=claim.pk, now=NOW)
    assert delivered.due_at is None
    assert actions.remind_of_wishes(actor=jobs.CLOCK, now=delivered.remind_at) == 1
    assert Entry.objects.get(fact="ClaimReminded").data["side"] == "family"


def test_the_community_is_reminded_to_answer(town, bag, lin):
    claim = claimed(lin, bag)
    assert actions.remind_of_wishes(actor=jobs.CLOCK, now=claim.remind_at) == 1
    assert Entry.objects.get(fact="ClaimReminded").data["side"] == "community"
    assert actions.release_late_claims(actor=jobs.CLOCK, now=NOW + timedelta(days=99)) == 0


def test_what_nobody_claims_is_taken_off_and_can_be_published_again(town, bag):
    assert actions.expire_wishes(actor=jobs.CLOCK, now=bag.expires_at - timedelta(seconds=1)) == 0
    assert actions.expire_wishes(actor=jobs.CLOCK, now=bag.expires_at) == 1
    assert state(bag) == Status.EXPIRED
    actions.publish_wishes(actor=town.secretary, wish_ids=[bag.pk], now=LATER)
    assert state(bag) == Status.OPEN


def test_after_the_term_nobody_knows_whose_it_was(town):
    wish_id = opened_and_granted(town)
    late = NOW + timedelta(days=180)
    assert actions.erase_wishes(actor=jobs.CLOCK, now=late - timedelta(seconds=1)) == 0
    assert actions.erase_wishes(actor=jobs.CLOCK, now=late) == 1
    assert actions.erase_wishes(actor=jobs.CLOCK, now=late) == 0
    wish, claim = Wish.objects.get(), Claim.objects.get()
    assert (wish.name, wish.phone, wish.address, wish.story, wish.between_phone, claim.phone) == ("",) * 6
    assert (wish.title, wish.status, claim.name) == ("想要一双球鞋", Status.GRANTED, "")
    page = queries.get_wish_page(viewer=town.secretary, wish_id=wish_id)
    assert page.view.claimant == "个人"
    refused(WrongWishState, actions.thank_for_wish, actor=town.secretary, wish_id=wish_id, words="谢谢", now=late)


def test_every_state_but_the_last_leads_on_and_only_what_is_told_leads_there():
    ends = {Status.GRANTED, Status.WITHDRAWN}
    assert {source for move in MOVES.values() for source in move.sources} == set(Status) - ends
    assert {move.target for move in MOVES.values()} == set(Status)
    assert set(MOVES) == set(Deed)


def test_the_phone_of_a_claimant_is_sealed(town, bag, lin):
    claimed(lin, bag)
    row = Claim.objects.get()
    assert row.phone == PHONE
    assert PHONE.encode() not in bytes(row.phone_sealed)
