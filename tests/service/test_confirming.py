"""Between approval and entry: who confirms hours, what a no stops, and when they are posted."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.service.builders import (
    XFL,
    a_community,
    a_line,
    a_volunteer,
    acting,
    an_activity,
    approve,
    minutes_of,
    points_e2_of,
    recorded,
)
from tests.service.confirmations import (
    MONDAY,
    NO,
    TUESDAY,
    YES,
    checked,
    confirm,
    deny,
    later,
    open_with,
    refused,
    rules,
    state_of,
    waiting,
)
from timebank.books.statements import entries_of_source
from timebank.ledger.entries import EntryKind
from timebank.rulebook.rules import AT_ONCE, Confirmation, Confirmer, SourceClass, ordinary_document
from timebank.service import operations, queries
from timebank.service.operations import objecting, posting
from timebank.service.queries.records import source_for
from timebank.service.rules import RecordState
from timebank.service.rules.confirming import Said, Side, Standing, Waiting


@pytest.fixture
def community(session):
    """Sheets are confirmed and posted on the next day; S003 sits at the desk."""
    open_with(session, rules())


class TestWhatItWaitsFor:
    """domain.md section 2, trust.md X2: not before its confirmation, the end of its notice and its earliest day."""

    @pytest.mark.parametrize(
        ("said", "today", "standing"),
        [
            ((), TUESDAY, Standing.CONFIRMATION),
            ((YES,), MONDAY, Standing.DAY),
            ((YES,), TUESDAY, Standing.NOTHING),
            ((NO,), TUESDAY, Standing.DENIED),
            ((YES, Said(Side.RECIPIENT, agrees=False, is_open=True)), TUESDAY, Standing.DENIED),
            ((Said(Side.VOLUNTEER, agrees=False, is_open=False),), TUESDAY, Standing.NOTHING),
            ((Said(Side.RESIDENT, agrees=False, is_open=False),), TUESDAY, Standing.CONFIRMATION),
            ((Said(Side.RECIPIENT, agrees=True, is_open=False),), TUESDAY, Standing.NOTHING),
        ],
    )
    def test_a_typed_hour_waits_for_a_yes_and_the_next_day(self, said, today, standing):
        assert standing is waiting(*said).standing(today)

    @pytest.mark.parametrize("source", [SourceClass.SELF_CHECK_IN, SourceClass.STAFF_SCAN, SourceClass.OPENING])
    def test_whoever_acted_themselves_is_not_asked(self, source):
        assert Standing.NOTHING is waiting(source=source).standing(TUESDAY)

    def test_the_recipient_alone_may_be_asked(self):
        assert Standing.CONFIRMATION is waiting(YES, sheet=Confirmer.RECIPIENT).standing(TUESDAY)

    def test_nothing_waits_where_the_rules_ask_nobody(self):
        alone = Waiting(source_class=SourceClass.SHEET, approved_on=MONDAY, said=(), rules=_at_once())

        assert Standing.NOTHING is alone.standing(MONDAY)

    def test_before_its_approval_it_has_no_day(self):
        assert Standing.APPROVAL is waiting(YES, approved_on=None).standing(TUESDAY)

    @pytest.mark.parametrize(
        ("today", "standing"),
        [
            (date(2026, 11, 27), Standing.NOTICE),
            (date(2026, 11, 30), Standing.NOTICE),
            (date(2026, 12, 1), Standing.NOTHING),
        ],
    )
    def test_a_notice_counts_working_days(self, today, standing):
        assert standing is waiting(YES, notice_working_days=5).standing(today)

    def test_a_later_day_counts_after_the_notice(self):
        assert Standing.DAY is waiting(YES, notice_working_days=1, post_days=5).standing(date(2026, 11, 26))


def _at_once():
    return replace(ordinary_document(), confirmation=AT_ONCE)


class TestTheDefaults:
    """domain.md section 2: the program's own rules."""

    def test_ask_about_what_was_typed_and_post_on_the_next_day(self):
        found = ordinary_document().confirmation

        assert [Confirmer.NOBODY, Confirmer.NOBODY, Confirmer.EITHER, Confirmer.EITHER, Confirmer.NOBODY] == [
            found.of(source) for source in SourceClass
        ]
        assert (3, 1, 0, True) == (
            found.ask_days,
            found.post_days,
            found.notice_working_days,
            found.approved_before_start,
        )

    def test_an_activity_approved_after_its_start_carries_late_entries_only(self, session):
        a_community(session, rules=ordinary_document())
        a_volunteer(session)
        late = an_activity(session)

        refused("activity_approved_late", recorded, session, activity=late)
        [record_id] = recorded(session, activity=late, late_reason="当天才想起来要批")
        approve(session, record_id)
        confirm(session, record_id)
        posting.post_all_due(session, later())

        assert (60, 0) == (minutes_of(session), points_e2_of(session))


@pytest.mark.usefixtures("community")
class TestConfirming:
    """domain.md section 3, R2; experience.md V8: a yes lets hours into the passbook when their day has come."""

    def test_approved_hours_are_not_spendable_yet(self, session):
        told = approve(session, *recorded(session))

        assert (0, 1) == (told["approved"], told["waiting"])
        assert (0, 0) == (minutes_of(session), points_e2_of(session))
        assert 60 == queries.waiting_minutes(session, XFL, "V0001")

    def test_confirmed_hours_are_posted_on_the_next_day_in_one_entry(self, session):
        [record_id] = recorded(session)
        approve(session, record_id, rating=2, answer="迟到")
        confirm(session, record_id)

        assert 0 == posting.post_all_due(session, acting("system"))["posted"]
        told = posting.post_all_due(session, later("system"))

        assert {"posted": 1, "minutes": 60, "points_e2": 800} == told
        [entry] = entries_of_source(session, XFL, [source_for(record_id)])
        assert (EntryKind.SERVICE_APPROVED, "S002") == (entry.kind, entry.actor)
        assert (2, "volunteer") == (entry.facts["rating"], entry.facts["confirmed"])
        assert (60, 800) == (minutes_of(session), points_e2_of(session))

    def test_confirmed_later_they_are_posted_at_once(self, session):
        [record_id] = checked(session)

        told = operations.confirm_record(session, later("V0001", days=3), record_id=record_id)

        assert (1, RecordState.APPROVED) == (told["posted"], state_of(session, record_id))

    def test_a_yes_before_the_approval_counts(self, session):
        [record_id] = recorded(session)
        confirm(session, record_id)

        approve(session, record_id)

        assert 1 == posting.post_all_due(session, later())["posted"]

    def test_silence_never_posts_and_is_asked_about_after_three_days(self, session):
        [record_id] = checked(session)

        assert 0 == posting.post_all_due(session, later(days=300))["posted"]
        days = [MONDAY + timedelta(days=after) for after in (3, 4)]
        on_time, overdue = (queries.unposted_page(session, XFL, day).all for day in days)
        assert ([record_id], [False]) == ([one.record.id for one in on_time], [one.overdue for one in on_time])
        assert [True] == [one.overdue for one in overdue]
        assert [0, 1] == [queries.overdue_count(session, XFL, day) for day in days]

    def test_each_side_answers_once(self, session):
        [record_id] = checked(session)
        confirm(session, record_id)

        refused("answered_already", confirm, session, record_id)
        refused("answered_already", deny, session, record_id)

    def test_a_posted_line_is_doubted_not_denied(self, session):
        [record_id] = checked(session)
        operations.confirm_record(session, later("V0001"), record_id=record_id)

        refused("answer_too_late", deny, session, record_id)

    def test_nobody_answers_for_somebody_else(self, session):
        [record_id] = checked(session)

        refused("not_allowed", confirm, session, record_id, by="V0002")

    @pytest.mark.parametrize("by", ["S001", "S002"])
    def test_neither_recorder_nor_approver_answers_at_the_desk(self, session, by):
        [record_id] = checked(session)

        refused("desk_not_apart", confirm, session, record_id, by=by)

    def test_the_desk_confirms_for_those_without_a_phone(self, session):
        ids = checked(session, a_line("V0001"), a_line("V0002"))

        told = operations.confirm_many(session, later("S003"), record_ids=tuple(ids))

        assert {"confirmed": 2, "posted": 2} == told
        said = queries.answers_to(session, XFL, ids)
        assert {("S003", Side.VOLUNTEER)} == {(one.answerer, one.side) for [one] in said.values()}

    def test_an_approved_batch_of_thirty_asks_nothing_more_of_the_coordinator(self, session):
        for number in range(3, 31):
            a_volunteer(session, f"V{number:04}")
        lines = [a_line(f"V{number:04}", minutes=60 + number) for number in range(1, 31)]
        ids = checked(session, *lines)

        for number, record_id in enumerate(ids, start=1):
            confirm(session, record_id, by=f"V{number:04}")

        assert 30 == posting.post_all_due(session, later("system"))["posted"]


@pytest.mark.usefixtures("community")
class TestDenying:
    """R2: a denial freezes and opens a case; nothing is deleted."""

    def test_a_no_opens_a_case_with_a_day_and_stops_the_posting(self, session):
        [record_id] = checked(session)

        told = deny(session, record_id)

        [case] = queries.objections_open(session, XFL)
        assert (told["objection"], "V0001") == (case.number, case.volunteer_number)
        assert {case.id: record_id} == queries.denied_records(session, XFL, [case.id])
        assert 0 == posting.post_all_due(session, later(days=30))["posted"]

    def test_a_no_says_why(self, session):
        [record_id] = checked(session)

        refused(
            "denial_without_reason", operations.deny_record, session, acting("V0001"), record_id=record_id, reason=" "
        )

    def test_a_denied_record_is_not_approved(self, session):
        [record_id] = recorded(session)
        deny(session, record_id)

        refused("record_denied", approve, session, record_id)

    def test_whoever_recorded_it_does_not_decide(self, session):
        [record_id] = checked(session)
        number = deny(session, record_id)["objection"]

        refused(
            "decider_recorded",
            objecting.answer_line_objection,
            session,
            acting("S001"),
            number=number,
            answer="签到表上有",
            corrected=False,
        )

    def test_one_that_was_wrong_is_rejected(self, session):
        [record_id] = checked(session)
        number = deny(session, record_id)["objection"]

        objecting.answer_line_objection(session, acting("S002"), number=number, answer="录错人了", corrected=True)

        assert (RecordState.REJECTED, "录错人了") == (
            state_of(session, record_id),
            queries.record(session, XFL, record_id).closing_reason,
        )
        assert 0 == posting.post_all_due(session, later(days=30))["posted"]

    def test_one_that_was_right_is_posted_when_its_day_has_come(self, session):
        [record_id] = checked(session)
        number = deny(session, record_id)["objection"]

        objecting.answer_line_objection(
            session, later("S002"), number=number, answer="签到表有本人签名", corrected=False
        )

        assert RecordState.APPROVED is state_of(session, record_id)

    def test_the_database_itself_posts_nothing_that_is_denied(self, session):
        [record_id] = checked(session)
        deny(session, record_id)
        session.flush()

        with pytest.raises(sa.exc.DBAPIError, match="not_denied"), session.begin_nested():
            session.execute(
                sa.text("UPDATE service_record SET state = 'approved', entry_seq = 1 WHERE id = :id"),
                {"id": record_id.hex if session.get_bind().dialect.name == "sqlite" else record_id},
            )


def test_a_confirmation_names_every_source():
    assert {source.value for source in SourceClass} <= set(Confirmation.__dataclass_fields__)
