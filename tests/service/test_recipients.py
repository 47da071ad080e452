"""Hours on public notice, and those who were served: they confirm, deny and rate without signing in."""

from datetime import timedelta
from functools import partial

import pytest

from tests.builders import NOON
from tests.service.builders import (
    XFL,
    a_line,
    acting,
    an_activity,
    points_e2_of,
    recorded,
)
from tests.service.confirmations import checked, confirm, later, open_with, refused, rules
from timebank.books.requests import Secret
from timebank.service import operations, queries
from timebank.service.operations import objecting, posting


@pytest.fixture
def community(session):
    """Sheets are confirmed and posted on the next day; S003 sits at the desk."""
    open_with(session, rules())


class TestPublicNotice:
    """trust.md T4: hours stand on public notice before they count, where the rules say so."""

    @pytest.fixture
    def noticed(self, session):
        open_with(session, rules(notice_working_days=5))
        [record_id] = checked(session)
        return record_id

    def test_an_objection_stops_its_line(self, session, noticed):
        confirm(session, noticed)
        told = operations.object_to_hours(session, acting("nobody"), record_id=noticed, reason="那天活动取消了")

        assert 0 == posting.post_all_due(session, later(days=30))["posted"]
        number = told["objection"]
        objecting.answer_line_objection(session, acting("S002"), number=number, answer="改到了上午", corrected=False)
        assert 1 == posting.post_all_due(session, later(days=8))["posted"]

    def test_after_the_notice_nobody_objects_any_more(self, session, noticed):
        refused(
            "not_on_public_notice",
            operations.object_to_hours,
            session,
            later("nobody", days=8),
            record_id=noticed,
            reason="那天活动取消了",
        )


@pytest.mark.usefixtures("community")
class TestRecipients:
    """R2: confirm, deny and rate without signing in, by a code and the end of a phone number."""

    CODE = "2718281828"

    @pytest.fixture
    def served(self, session):
        number = an_activity(session)
        operations.name_recipient(
            session, acting(), activity_number=number, name="周奶奶", phone_tail="0007", code=Secret(self.CODE)
        )
        return checked(session, activity=number)[0]

    def _door(self, record_id, **changes):
        return {"code": self.CODE, "phone_tail": "0007", "record_id": record_id} | changes

    def _answer(self, session, record_id, agrees=True, **changes):
        door = self._door(record_id, **changes)
        return operations.answer_as_recipient(session, acting("nobody"), **door, agrees=agrees, reason="没有人来")

    def _rate(self, session, record_id, stars, reason="", **act):
        door = self._door(record_id)
        return operations.rate_as_recipient(session, acting("nobody", **act), **door, stars=stars, reason=reason)

    def test_a_yes_of_the_recipient_is_enough(self, session, served):
        self._answer(session, served)

        assert 1 == posting.post_all_due(session, later())["posted"]

    def test_a_no_of_the_recipient_stops_what_the_volunteer_confirmed(self, session, served):
        confirm(session, served)
        self._answer(session, served, agrees=False)

        assert 0 == posting.post_all_due(session, later(days=30))["posted"]

    @pytest.mark.parametrize("door", [{"code": "3141592653"}, {"phone_tail": "0008"}])
    def test_another_code_or_phone_opens_nothing(self, session, served, door):
        refused("no_such_recipient_code", self._answer, session, served, **door)

    def test_a_code_opens_its_own_activity_only(self, session, served):
        [other] = recorded(session, a_line("V0002", starts="2026-11-19 09:00"), activity=_earlier(session))

        refused("no_such_record", self._answer, session, other)

    def test_stars_before_the_entry_count_where_the_approver_gave_none(self, session, served):
        self._rate(session, served, 1, reason="来晚了一小时")
        self._answer(session, served)
        posting.post_all_due(session, later())

        assert (1, 600) == (queries.record(session, XFL, served).rating, points_e2_of(session))

    @pytest.mark.parametrize(("stars", "code"), [(2, "stars_without_reason"), (6, "rating_out_of_range")])
    def test_few_stars_say_why(self, session, served, stars, code):
        refused(code, self._rate, session, served, stars)

    def test_a_service_is_rated_once_and_within_ten_working_days(self, session, served):
        refused("rating_too_late", self._rate, session, served, 5, at=NOON + timedelta(days=12))
        self._rate(session, served, 5, at=NOON + timedelta(days=11))
        refused("rated_already", self._rate, session, served, 5)

    def test_the_volunteer_sees_them_in_threes_only(self, session, served):
        operations.confirm_record(session, later("V0001"), record_id=served)
        self._rate(session, served, 3)

        assert 0 == queries.rated_in_threes(session, XFL, "V0001").ratings

    def test_an_answered_recipient_is_not_changed(self, session, served):
        number = queries.record(session, XFL, served).activity_number
        name = partial(
            operations.name_recipient, session, activity_number=number, phone_tail="0009", code=Secret("0" * 10)
        )
        name(acting(), name="周阿姨")
        refused("no_such_recipient_code", self._answer, session, served)
        self._answer(session, served, phone_tail="0009")

        refused("recipient_answered", name, acting(), name="别人")

    @pytest.mark.parametrize(("name", "tail"), [(" ", "0007"), ("周奶奶", "07"), ("周奶奶", "０００７")])
    def test_a_recipient_has_a_name_and_four_digits(self, session, name, tail):
        named = {"activity_number": an_activity(session), "name": name, "phone_tail": tail}

        refused("recipient_incomplete", operations.name_recipient, session, acting(), **named, code=Secret(self.CODE))


def _earlier(session):
    return an_activity(session, starts="2026-11-19 09:00")
