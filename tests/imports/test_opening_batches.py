"""Opening balances: paper passbooks carried over once, for everybody in one go, by two persons."""

from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.imports.builders import (
    XFL,
    a_balance,
    a_service,
    confirmed,
    minutes_of,
    points_e2_of,
    problems_of,
    registered,
    state_of,
    submitted_hours,
    submitted_opening,
    undone,
)
from tests.people.builders import GO_LIVE_ON, a_staff_member, an_admin_act
from tests.stars.builders import announced
from timebank.books import journal, pages
from timebank.books.pages import JournalFilter
from timebank.imports import queries
from timebank.imports.operations.opening import ConfirmerIsBeneficiary, OpeningBalancesClosed, OpeningNoLongerPossible
from timebank.imports.operations.submitted import FileHasProblems
from timebank.imports.operations.undoing import PointsSpentSince, StarsGrantedSince
from timebank.imports.rules import BatchState
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.people import operations as people
from timebank.people.queries import NotAllowed
from timebank.people.tables import VolunteerRow
from timebank.stars import operations as stars
from timebank.stars import queries as star_queries

BOTH = (a_balance(), a_balance("V0002", "孟桂兰", "6300", "31", "存折0002"))


@pytest.fixture(autouse=True)
def two_people(office):
    """V0001 石静 and V0002 孟桂兰."""
    registered(office)


class TestCarryingOver:
    """domain.md C3: what stands in a paper passbook comes in once, confirmed by a second person."""

    def test_waits_for_the_second_person(self, office):
        answer = submitted_opening(office, *BOTH)

        assert BatchState.PENDING == state_of(office, answer)
        assert (0, 0) == (minutes_of(office, "V0001"), points_e2_of(office, "V0001"))

    def test_says_what_it_will_bring(self, office):
        answer = submitted_opening(office, *BOTH)

        assert {
            "volunteers": 2,
            "minutes": 6900,
            "points_e2": 8850,
            "points_before_e2": 0,
            "points_after_e2": 8850,
            "effective_on": GO_LIVE_ON.isoformat(),
        }.items() <= answer.items()

    def test_posts_everybody_when_it_is_confirmed(self, office):
        told = confirmed(office, submitted_opening(office, *BOTH))

        assert (600, 5750) == (minutes_of(office, "V0001"), points_e2_of(office, "V0001"))
        assert (6300, 3100) == (minutes_of(office, "V0002"), points_e2_of(office, "V0002"))
        assert {"posted": 2, "minutes": 6900, "points_e2": 8850}.items() <= told.items()

    def test_names_its_batch_and_line_and_no_person(self, office):
        told = confirmed(office, submitted_opening(office, *BOTH))

        view = pages.entry_view(office.session, XFL, told["first_seq"])
        assert view is not None
        assert {"batch": "B0002", "line": 2} == dict(view.entry.facts)
        assert ("纸质存折转入 存折0001", GO_LIVE_ON) == (view.memo, view.entry.effective_on)

    def test_counts_today_where_the_first_day_is_to_come(self, office):
        early = {"at": NOON - timedelta(days=30)}

        answer = submitted_opening(office, a_balance(), **early)

        assert (NOON - timedelta(days=30)).date().isoformat() == answer["effective_on"]

    def test_whoever_carries_nothing_over_has_no_entry(self, office):
        told = confirmed(office, submitted_opening(office, a_balance(minutes="0", points="0")))

        assert (0, None) == (told["posted"], told["first_seq"])

    def test_minutes_alone_and_points_alone(self, office):
        confirmed(office, submitted_opening(office, a_balance(points="0"), a_balance("V0002", "孟桂兰", "0", "31")))

        assert (600, 0) == (minutes_of(office, "V0001"), points_e2_of(office, "V0001"))
        assert (0, 3100) == (minutes_of(office, "V0002"), points_e2_of(office, "V0002"))

    def test_a_star_that_is_reached_opens(self, office):
        confirmed(office, submitted_opening(office, *BOTH))

        assert ["V0002"] == [case.number for case in star_queries.open_cases(office.session, XFL)]

    def test_is_for_coordinators(self, office):
        with pytest.raises(NotAllowed):
            submitted_opening(office, a_balance(), by=office.zhao)


class TestRefusing:
    """I10: nothing of a wrong file; nobody is carried over twice, and nobody carries themselves over."""

    def test_names_every_wrong_row(self, office):
        rows = (a_balance("V9999"), a_balance(name="李四"), a_balance("V0002", "孟桂兰", "x"), a_balance())

        with pytest.raises(FileHasProblems) as refused:
            submitted_opening(office, *rows)

        assert [
            (2, "no_such_volunteer"),
            (3, "name_differs"),
            (4, "not_a_duration"),
            (5, "twice_in_file"),
        ] == problems_of(refused)
        assert ["B0001"] == [batch.number for batch in queries.batches(office.session, XFL)]

    def test_a_total_that_does_not_agree(self, office):
        with pytest.raises(FileHasProblems) as refused:
            submitted_opening(office, a_balance(), ("合计", "", "601", "57.5", ""))

        assert [(3, "total_differs")] == problems_of(refused)

    def test_who_waits_or_has_one_gets_no_second_one(self, office):
        first = submitted_opening(office, a_balance())

        with pytest.raises(FileHasProblems) as waiting:
            submitted_opening(office, a_balance(points="58"))
        confirmed(office, first)
        with pytest.raises(FileHasProblems) as carried:
            submitted_opening(office, a_balance(points="58"))

        assert [(2, "opening_twice")] == problems_of(waiting) == problems_of(carried)

    def test_who_was_taken_back_may_come_in_again(self, office):
        first = submitted_opening(office, a_balance())
        confirmed(office, first)
        undone(office, first)

        assert 1 == submitted_opening(office, a_balance(points="58"))["rows"]

    def test_nobody_carries_themselves_or_their_family_over(self, office):
        wang = a_staff_member(office.session, login="wang", name="", volunteer_number="V0001")
        act = an_admin_act()
        people.declare_relatives(office.session, act, number="V0001", other_number="V0002", relation="姐妹")

        with pytest.raises(FileHasProblems) as refused:
            submitted_opening(office, *BOTH, by=wang)

        assert [(2, "opening_for_oneself"), (3, "opening_for_family")] == problems_of(refused)

    def test_nobody_confirms_their_own(self, office):
        wang = a_staff_member(office.session, login="wang", name="", volunteer_number="V0001")
        answer = submitted_opening(office, *BOTH)

        with pytest.raises(ConfirmerIsBeneficiary) as refused:
            confirmed(office, answer, by=wang)

        assert {"batch": answer["batch"], "volunteers": ["V0001"]} == refused.value.facts
        assert 0 == minutes_of(office, "V0002")

    def test_who_has_left_meanwhile_stops_it(self, office):
        answer = submitted_opening(office, *BOTH)
        _leave(office, "V0002")

        with pytest.raises(OpeningNoLongerPossible) as refused:
            confirmed(office, answer)

        assert {"batch": answer["batch"], "volunteers": ["V0002"]} == refused.value.facts

    def test_who_has_left_before_is_a_wrong_row(self, office):
        _leave(office, "V0002")

        with pytest.raises(FileHasProblems) as refused:
            submitted_opening(office, *BOTH)

        assert [(3, "volunteer_left")] == problems_of(refused)

    def test_comes_in_for_sixty_days(self, office):
        last_day, a_day_late = ({"at": NOON + timedelta(days=days)} for days in (38, 39))

        with pytest.raises(OpeningBalancesClosed) as refused:
            submitted_opening(office, a_balance(), **a_day_late)

        assert {"last_day": "2026-12-31", "limit_days": 60} == refused.value.facts
        assert 1 == submitted_opening(office, a_balance(), **last_day)["rows"]


class TestTakingBack:
    """experience.md 5.5: undo until something depends on it."""

    def test_what_waits_never_counts(self, office):
        answer = submitted_opening(office, *BOTH)

        assert 2 == undone(office, answer, by=office.chen)["withdrawn"]
        assert BatchState.UNDONE == state_of(office, answer)

    def test_the_second_person_sends_it_back(self, office):
        answer = submitted_opening(office, *BOTH)

        undone(office, answer, by=office.li)

        assert BatchState.REFUSED == state_of(office, answer)

    def test_what_counts_is_reversed_entry_by_entry(self, office):
        answer = submitted_opening(office, *BOTH)
        confirmed(office, answer)

        assert 2 == undone(office, answer)["reversed"]

        assert (0, 0) == (minutes_of(office, "V0002"), points_e2_of(office, "V0002"))
        reversals = pages.journal_page(office.session, XFL, JournalFilter(kind=EntryKind.REVERSAL)).entries
        assert ["导错了文件", "导错了文件"] == [view.memo for view in reversals]

    def test_hours_that_came_besides_stay(self, office):
        confirmed(office, submitted_hours(office, a_service()))
        answer = submitted_opening(office, *BOTH)
        confirmed(office, answer)

        undone(office, answer)

        assert (120, 2000) == (minutes_of(office, "V0001"), points_e2_of(office, "V0001"))

    def test_points_that_were_spent_keep_it(self, office):
        answer = submitted_opening(office, *BOTH)
        confirmed(office, answer)
        passbook = AccountRef(AccountKind.PASSBOOK, "V0001", POINTS)
        spent = Transfer(passbook, system(AccountKind.REDEEMED, POINTS), 1)
        draft = Draft(kind=EntryKind.GOODS_REDEEMED, effective_on=NOON.date(), transfers=(spent,))
        journal.post(office.session, office.act(office.zhao), draft)

        with pytest.raises(PointsSpentSince) as refused:
            undone(office, answer)

        assert {"batch": answer["batch"], "volunteers": ["V0001"]} == refused.value.facts

    def test_a_star_that_needs_it_keeps_it(self, office):
        answer = submitted_opening(office, *BOTH)
        confirmed(office, answer)
        (case,) = star_queries.open_cases(office.session, XFL)
        stars.grant(office.session, office.act(office.chen), award_id=announced(office.session, case.award_id))

        with pytest.raises(StarsGrantedSince) as refused:
            undone(office, answer)

        assert {"batch": answer["batch"], "volunteers": ["V0002"]} == refused.value.facts


def _leave(office, number):
    row = office.session.query(VolunteerRow).filter_by(community_id=XFL, number=number).one()
    row.closed_on = NOON.date()
    office.session.flush()
