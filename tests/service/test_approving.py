"""Approving hours: one entry of minutes and points for each record, many records in one posting."""

import json
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.service.builders import (
    FRIDAY,
    XFL,
    a_line,
    a_volunteer,
    acting,
    an_activity,
    approve,
    minutes_of,
    points_e2_of,
    recorded,
)
from timebank.books import journal
from timebank.books.booking import AccountClosed
from timebank.books.pages import entry_view
from timebank.books.statements import entries_of_source
from timebank.ledger.accounts import MINUTES, POINTS, AccountKind, AccountRef
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.rulebook.rules import facts_as_inputs, ordinary_document, points_for
from timebank.service import operations, queries
from timebank.service.asked import Decision
from timebank.service.operations.deciding import AskedTwice
from timebank.service.operations.posting import recognised
from timebank.service.queries.checking import NothingAsked
from timebank.service.queries.records import NoSuchRecord
from timebank.service.rules import RecordState
from timebank.service.rules.approval import (
    ApproverIsRecorder,
    RecordNotWaiting,
)
from timebank.stars import queries as stars

pytestmark = pytest.mark.usefixtures("community")


def _entry(session, record_id):
    [entry] = entries_of_source(session, XFL, [f"service-record:{record_id}"])
    return entry


class TestWhatApprovingBrings:
    """architecture.md 6.1: minutes are recognised and points issued, both in one entry."""

    @pytest.mark.parametrize(
        ("minutes", "points_e2"), [(1, 17), (45, 750), (59, 983), (60, 1000), (61, 1017), (90, 1500)]
    )
    def test_brings_minutes_and_points_together(self, session, minutes, points_e2):
        [record_id] = recorded(session, a_line(minutes=minutes))

        answer = approve(session, record_id)

        assert (minutes, points_e2) == (minutes_of(session), points_e2_of(session))
        assert (1, minutes, points_e2) == (answer["approved"], answer["minutes"], answer["points_e2"])

    def test_three_services_of_twenty_minutes_are_an_hour(self, session):
        ids = [
            recorded(session, a_line(minutes=20, starts=f"{FRIDAY} {hour}:00"), activity=activity)[0]
            for hour in ("09", "10", "11")
            for activity in [an_activity(session, starts=f"{FRIDAY} {hour}:00", minutes=20)]
        ]

        approve(session, *ids)

        assert 60 == minutes_of(session)

    def test_one_record_is_one_entry_with_two_transfers(self, session):
        [record_id] = recorded(session, a_line(minutes=60))

        answer = approve(session, record_id)

        entry = _entry(session, record_id)
        assert answer["first_seq"] == answer["last_seq"] == entry.seq
        assert EntryKind.SERVICE_APPROVED is entry.kind
        roads = [(transfer.debit.code, transfer.credit.code, transfer.amount) for transfer in entry.transfers]
        assert [
            ("service/minutes", "recognised/V0001/minutes", 60),
            ("issuance/points", "passbook/V0001/points", 1000),
        ] == roads

    def test_the_entry_counts_for_the_day_of_service(self, session):
        [record_id] = recorded(session)

        approve(session, record_id)

        entry = _entry(session, record_id)
        assert (date(2026, 11, 20), date(2026, 11, 20)) == (entry.served_on, entry.effective_on)

    def test_where_that_period_is_closed_it_counts_for_today(self, session):
        [record_id] = recorded(session)
        journal.close_period(session, acting("S001"), through=date(2026, 11, 21))

        approve(session, record_id)

        entry = _entry(session, record_id)
        assert (date(2026, 11, 20), date(2026, 11, 23)) == (entry.served_on, entry.effective_on)

    def test_anybody_can_recompute_it(self, session):
        [record_id] = recorded(session, a_line(minutes=90))

        approve(session, record_id, rating=2, answer="早退")

        entry = _entry(session, record_id)
        assert 2 == entry.rule_version
        assert 1200 == points_for(ordinary_document(), facts_as_inputs(entry.facts))
        assert 1200 == points_e2_of(session)
        assert ("S001", "S002") == (entry.facts["recorder"], entry.facts["approver"])

    def test_the_leaf_names_nobody(self, session):
        [record_id] = recorded(session)

        approve(session, record_id)

        told = json.dumps(dict(_entry(session, record_id).facts), ensure_ascii=False)
        assert "李建国" not in told
        assert "清扫楼道" not in told

    def test_the_passbook_says_what_and_how_long(self, session):
        [record_id] = recorded(session, a_line(minutes=90))

        answer = approve(session, record_id)

        view = entry_view(session, XFL, answer["first_seq"])
        assert view is not None
        assert "清扫楼道 1小时30分" == view.memo

    def test_the_record_says_who_when_and_which_entry(self, session):
        [record_id] = recorded(session)

        answer = approve(session, record_id, rating=5)

        record = queries.record(session, XFL, record_id)
        assert RecordState.APPROVED is record.state
        assert ("S002", NOON, 5, answer["first_seq"]) == (
            record.approver,
            record.approved_at,
            record.rating,
            record.entry_seq,
        )


class TestManyAtOnce:
    """trust.md C4 of the coordinator: the queue in one request, all or none, in one posting."""

    def test_each_has_its_own_rating_and_entry(self, session):
        ids = recorded(session, a_line("V0001"), a_line("V0002"), a_line("V0003"))
        decisions = tuple(
            Decision(record_id=one, rating=rating, answer="早退") for one, rating in zip(ids, (1, None, 5), strict=True)
        )

        answer = operations.approve_many(session, acting("S002"), decisions=decisions)

        assert [600, 1000, 1000] == [points_e2_of(session, number) for number in ("V0001", "V0002", "V0003")]
        found = queries.records(session, XFL, ids)
        first, last = answer["first_seq"], answer["last_seq"]
        assert list(range(first, last + 1)) == [record.entry_seq for record in found]

    def test_one_that_is_not_theirs_keeps_all_out(self, session):
        own = recorded(session, a_line("V0001"), by="S002")
        others = recorded(session, a_line("V0002"))

        with pytest.raises(ApproverIsRecorder):
            approve(session, *others, *own)

        assert 0 == minutes_of(session, "V0002")
        assert {RecordState.SUBMITTED} == {record.state for record in queries.records(session, XFL, others + own)}

    def test_every_one_that_is_wrong_is_told_with_its_place(self, session):
        decided = recorded(session, a_line("V0003"))
        approve(session, *decided)
        own = recorded(session, a_line("V0001"), by="S002")
        others = recorded(session, a_line("V0002"))

        with pytest.raises(RecordNotWaiting) as refused:
            approve(session, *decided, *others, *own)
        with pytest.raises(ApproverIsRecorder) as refused_one:
            approve(session, *others, *own)

        told = [
            {"line": 1, "code": "record_not_waiting", "volunteer": "V0003", "state": "approved"},
            {"line": 3, "code": "approver_is_recorder", "volunteer": "V0001"},
        ]
        assert {"volunteer": "V0003", "state": "approved", "problems": told} == refused.value.facts
        assert {"volunteer": "V0001", "place": 2} == refused_one.value.facts

    def test_of_each_it_is_told_what_came_of_it(self, session):
        ids = recorded(session, a_line("V0001", minutes=60), a_line("V0002", minutes=30))

        answer = approve(session, *ids)

        first = answer["first_seq"]
        assert [
            {"record_id": str(ids[0]), "seq": first, "minutes": 60, "points_e2": 1000},
            {"record_id": str(ids[1]), "seq": first + 1, "minutes": 30, "points_e2": 500},
        ] == answer["rows"]

    def test_costs_as_many_statements_as_one(self, session):
        few = recorded(session, a_line("V0001"))
        for number in range(10, 38):
            a_volunteer(session, f"V{number:04}")
        many = recorded(session, *(a_line(f"V{number:04}") for number in range(10, 38)))
        told = []
        sa.event.listen(session.connection(), "before_cursor_execute", lambda *asked: told.append(asked[2]))

        approve(session, *few)
        for_one = len(told)
        approve(session, *many)

        assert for_one == len(told) - for_one

    def test_asks_for_something(self, session):
        with pytest.raises(NothingAsked):
            operations.approve_many(session, acting("S002"), decisions=())

    def test_asks_for_each_record_once(self, session):
        [record_id] = recorded(session)

        with pytest.raises(AskedTwice) as refused:
            approve(session, record_id, record_id)

        assert {"place": 2} == refused.value.facts

        assert 0 == minutes_of(session)

    def test_asks_for_records_that_there_are(self, session):
        missing = acting().new_id("no record")

        with pytest.raises(NoSuchRecord) as refused:
            approve(session, missing)

        assert {"record_id": str(missing)} == refused.value.facts


class TestTheBooksSayNo:
    """What the books do not take is not approved: record and entry stand or fall together."""

    def test_a_closed_passbook_takes_nothing(self, session):
        [record_id] = recorded(session)
        account = AccountRef(AccountKind.PASSBOOK, "V0001", POINTS)
        first = recorded(
            session, a_line(starts="2026-11-19 09:00"), activity=an_activity(session, starts="2026-11-19 09:00")
        )
        approve(session, *first)
        spent = Transfer(account, AccountRef(AccountKind.REDEEMED, "", POINTS), points_e2_of(session))
        journal.post(
            session, acting(), Draft(kind=EntryKind.GOODS_REDEEMED, effective_on=NOON.date(), transfers=(spent,))
        )
        journal.close_account(session, acting(), account=account)

        with pytest.raises(AccountClosed):
            approve(session, record_id)

        assert RecordState.SUBMITTED is queries.record(session, XFL, record_id).state
        assert 60 == minutes_of(session)


class TestStars:
    """architecture.md 6.1, step 8: an award case opens if a level is now reachable."""

    def test_a_case_opens_with_the_minutes_that_reach_a_level(self, session):
        before = Transfer(AccountRef(AccountKind.OPENING, "", MINUTES), recognised("V0001"), 5940)
        journal.post(
            session, acting(), Draft(kind=EntryKind.OPENING_BALANCE, effective_on=NOON.date(), transfers=(before,))
        )
        [first] = recorded(session, a_line(minutes=59))
        [second] = recorded(session, a_line("V0002", minutes=59))

        approve(session, first, second)
        nobody = stars.open_cases(session, XFL)
        day = NOON - timedelta(days=4)
        one_more = an_activity(session, starts=day.strftime("%Y-%m-%d 09:00"))
        approve(
            session, *recorded(session, a_line(minutes=1, starts=day.strftime("%Y-%m-%d 09:00")), activity=one_more)
        )

        assert () == tuple(nobody)
        [case] = stars.open_cases(session, XFL)
        assert ("V0001", 1) == (case.number, case.level)
