"""More than eight hours a day take a further approver: somebody who neither recorded, approved nor served."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON, rules_at_once
from tests.service.builders import (
    BATCH,
    FRIDAY,
    XFL,
    a_community,
    a_coordinator,
    a_line,
    a_volunteer,
    acting,
    an_activity,
    approve,
    imported,
    minutes_of,
    person_id,
    recorded,
    relatives,
)
from tests.service.builders import a_row as a_row_of_a_file
from tests.service.confirmations import confirm, deny, later, open_with, refused, rules, state_of
from timebank.books.statements import entries_of_source
from timebank.service import operations, queries
from timebank.service.operations import posting
from timebank.service.queries.records import source_for
from timebank.service.rules import RecordState
from timebank.service.rules.confirming import FurtherNotAsked, Standing
from timebank.service.tables import FurtherApprovalRow

WHY = "搬家，从早到晚都在"
REFUSED = (sa.exc.IntegrityError, sa.exc.ProgrammingError)


@pytest.fixture
def community(session):
    """Two who record and approve, and S003 and S004 who may approve once more."""
    a_community(session, coordinators=("S001", "S002", "S003", "S004"))
    for number in ("V0001", "V0002"):
        a_volunteer(session, number)


def a_long_day(session, minutes=481, **line):
    """Record so many minutes of one person on Friday, in two lines; return the ids."""
    day = an_activity(session, starts=f"{FRIDAY} 06:00", minutes=900)
    first = a_line(minutes=240, starts=f"{FRIDAY} 06:00", **line)
    second = a_line(minutes=minutes - 240, starts=f"{FRIDAY} 12:00", **line)
    return recorded(session, first, second, activity=day)


def once_more(session, *record_ids, by="S003", answer=WHY, **changes):
    """Approve records as a further person."""
    return operations.approve_further(session, acting(by, **changes), record_ids=record_ids, answer=answer)


def standing_of(session, record_id):
    [found] = queries.unposted(session, XFL, [queries.record(session, XFL, record_id)], NOON.date())
    return found.standing


@pytest.mark.usefixtures("community")
class TestMoreThanEightHours:
    """The rule day_minutes_max: no single approver posts more than that for one person and day."""

    @pytest.mark.parametrize(("minutes", "posted"), [(480, 480), (481, 240)])
    def test_one_approver_posts_eight_hours_and_not_a_minute_more(self, session, minutes, posted):
        ids = a_long_day(session, minutes)

        approve(session, *ids, answer="搬家")

        assert posted == minutes_of(session)

    def test_a_further_approver_lets_them_in(self, session):
        first, second = a_long_day(session)
        approve(session, first, second, answer="搬家")
        assert (RecordState.CHECKED, Standing.FURTHER) == (state_of(session, second), standing_of(session, second))

        told = once_more(session, second)

        assert ({"approved": 1, "posted": 1}, 481) == (told, minutes_of(session))
        [entry] = entries_of_source(session, XFL, [source_for(second)])
        said = {"recorder": "S001", "approver": "S002", "further": "S003", "approved_on": "2026-11-23"}
        assert ("S002", said) == (entry.actor, {name: entry.facts[name] for name in said})

    def test_of_several_the_one_that_is_not_asked_for_is_named_and_none_is_let_in(self, session):
        first, second = a_long_day(session)
        approve(session, first, second, answer="搬家")

        with pytest.raises(FurtherNotAsked) as refusal:
            once_more(session, second, first)

        assert {"volunteer": "V0001", "place": 2} == refusal.value.facts
        assert 240 == minutes_of(session)

    def test_the_first_approver_says_why_too(self, session):
        ids = a_long_day(session)

        refused("long_service", approve, session, *ids)

        flagged = queries.record(session, XFL, ids[1]).flags
        assert ["long_service", "too_long_a_day"] == [flag.code for flag in flagged]
        assert 0 == minutes_of(session)

    def test_it_cannot_be_split_over_sheets_or_recorders(self, session):
        day = an_activity(session, starts=f"{FRIDAY} 06:00", minutes=900)
        for hour, by in ((6, "S001"), (10, "S002"), (14, "S003")):
            ids = recorded(session, a_line(minutes=200, starts=f"{FRIDAY} {hour:02}:00"), activity=day, by=by)
            approve(session, *ids, by="S004", answer="搬家")

        assert 400 == minutes_of(session)

    def test_the_same_holds_for_a_file(self, session):
        [record_id] = imported(session, a_row_of_a_file(minutes=481, starts="2026-08-01 08:00"))
        operations.approve_batch(session, acting("S002"), batch_id=BATCH, rating=None, answer="搬家")

        assert 0 == minutes_of(session)
        once_more(session, record_id)
        assert 481 == minutes_of(session)

    def test_one_that_is_too_long_is_still_rejected(self, session):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        operations.reject(session, acting("S003"), record_id=second, reason="记错了")

        assert RecordState.REJECTED is state_of(session, second)
        refused("further_not_asked", once_more, session, second)


@pytest.mark.usefixtures("community")
class TestWhoIsFurther:
    """trust.md T4, T6: four eyes are six here."""

    @pytest.mark.parametrize("by", ["S001", "S002"])
    def test_neither_recorder_nor_first_approver(self, session, by):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        refused("further_not_apart", once_more, session, second, by=by)

    def test_nor_who_served(self, session):
        a_volunteer(session, "V0009", staff_number="S004")
        _, second = a_long_day(session, volunteer="V0009")
        approve(session, second, answer="搬家")

        refused("further_not_apart", once_more, session, second, by="S004")

    @pytest.mark.parametrize("other", ["V0001", "S001", "S002"])
    def test_nor_a_relative_of_any_of_them(self, session, other):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")
        relatives(session, "S003", other)

        refused("further_not_apart", once_more, session, second)
        assert 1 == once_more(session, second, by="S004")["posted"]

    def test_nor_somebody_who_approves_no_hours(self, session):
        a_coordinator(session, "S005", role="clerk")
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        refused("not_allowed", once_more, session, second, by="S005")

    def test_nobody_before_the_first_approver(self, session):
        _, second = a_long_day(session)

        refused("further_not_asked", once_more, session, second)

    def test_nobody_twice(self, session):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")
        once_more(session, second)

        refused("further_not_asked", once_more, session, second, by="S004")

    def test_nobody_for_an_ordinary_record(self, session):
        first, _ = a_long_day(session)

        refused("further_not_asked", once_more, session, first)

    @pytest.mark.parametrize("answer", ["", "  ", "是"])
    def test_nobody_without_words(self, session, answer):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        refused("further_answer_missing", once_more, session, second, answer=answer)

    def test_nothing_chosen_is_told(self, session):
        refused("nothing_asked", once_more, session)

    def test_pressed_twice_counts_once(self, session):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        first, again = (once_more(session, second, request_key="pressed-twice") for _ in "ab")

        assert {"approved": 1, "posted": 1} == first == again
        assert 241 == minutes_of(session)


class TestWithConfirmation:
    """domain.md section 2: the day of posting follows the last approval, and the volunteer is asked all the same."""

    @pytest.fixture(autouse=True)
    def community(self, session):
        open_with(session, rules())
        a_coordinator(session, "S004")

    def test_a_yes_does_not_replace_it(self, session):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")
        confirm(session, second)

        assert 0 == posting.post_all_due(session, later("system", days=30))["posted"]

    def test_the_next_day_is_counted_from_the_last_approval(self, session):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")
        confirm(session, second)
        told = once_more(session, second, by="S004", at=NOON + timedelta(days=2))

        assert 0 == told["posted"]
        assert 0 == posting.post_all_due(session, later("system", days=2))["posted"]
        assert 1 == posting.post_all_due(session, later("system", days=3))["posted"]

    def test_a_no_is_decided_first(self, session):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")
        deny(session, second)

        refused("record_denied", once_more, session, second, by="S004")

    def test_a_notice_begins_with_the_last_approval(self, session):
        document = rules(notice_working_days=3)
        assert 3 == document.confirmation.notice_working_days
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        [found] = queries.unposted(session, XFL, [queries.record(session, XFL, second)], NOON.date())

        assert (None, None) == (found.waiting.notice_until, found.waiting.earliest_on)


@pytest.mark.usefixtures("community")
class TestTheDatabaseItself:
    """What the program forgets, the database refuses."""

    def _row(self, record_id, by):
        return sa.insert(FurtherApprovalRow).values(
            community_id=XFL, record_id=record_id, approver_id=person_id(by), approver=by, approved_at=NOON, answer=WHY
        )

    @pytest.mark.parametrize("by", ["S001", "S002", "V0001"])
    def test_keeps_no_further_approver_who_is_one_of_them(self, session, by):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        with pytest.raises(REFUSED, match="by_another"), session.begin_nested():
            session.execute(self._row(second, by))

    def test_keeps_none_before_the_first_approver(self, session):
        _, second = a_long_day(session)

        with pytest.raises(REFUSED, match="by_another"), session.begin_nested():
            session.execute(self._row(second, "S003"))

    def test_posts_nothing_without_one(self, session):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")

        with pytest.raises(sa.exc.DBAPIError, match="further_approved"), session.begin_nested():
            session.execute(
                sa.text("UPDATE service_record SET state = 'approved', entry_seq = 1 WHERE id = :id"),
                {"id": second.hex if session.get_bind().dialect.name == "sqlite" else second},
            )

    @pytest.mark.parametrize(
        "change", [sa.update(FurtherApprovalRow).values(answer="改"), sa.delete(FurtherApprovalRow)]
    )
    def test_changes_none(self, session, change):
        _, second = a_long_day(session)
        approve(session, second, answer="搬家")
        once_more(session, second)

        with pytest.raises(REFUSED), session.begin_nested():
            session.execute(change)


def test_the_rules_at_once_have_the_same_limit():
    assert 480 == rules_at_once().limits.day_minutes_max
