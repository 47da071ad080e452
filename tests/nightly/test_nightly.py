"""The work of the night: done once for each day, gone on with where it was cut off, whoever starts it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import a_staff_member, a_volunteer, acting_as
from tests.rulebook.community import a_community
from tests.stars.builders import ONE_STAR, a_candidate
from timebank import nightly
from timebank.books import holds, journal, statements
from timebank.books.tables import TrailRow
from timebank.database import writing
from timebank.ledger.accounts import POINTS, AccountKind, AccountRef, system
from timebank.ledger.entries import Draft, EntryKind, Transfer
from timebank.rulebook.expiring import expiring_points
from timebank.rulebook.operations import confirm, propose
from timebank.rulebook.rules import as_json, ordinary_document
from timebank.stars import queries as stars

TODAY = NOON.date()


def at_night(number=1):
    """An act of the installation itself."""
    return an_act(number="system", channel="nightly", request_key=f"the-night-{number:08d}")


def done(session, job, *, day=TODAY):
    """Do one job of a day."""
    act = replace(at_night(), request_key=f"nightly/{day.isoformat()}/{job}")
    return nightly.JOBS[job](session, act, day=day)


def points(session, number, amount_e2, vintage=0):
    """Let a volunteer have points of a year."""
    passbook = AccountRef(AccountKind.PASSBOOK, number, POINTS, vintage)
    issued = Transfer(system(AccountKind.ISSUANCE, POINTS), passbook, amount_e2)
    draft = Draft(kind=EntryKind.SERVICE_APPROVED, effective_on=TODAY, transfers=(issued,), source="test:points")
    journal.post(session, an_act(), draft)
    return passbook


def expiring(session, admin):
    """Let rules hold since yesterday under which points expire after one more year."""
    document = replace(ordinary_document(), expiry=replace(ordinary_document().expiry, on=True))
    before = NOON - timedelta(days=2)
    other = a_staff_member(session)
    proposal = propose(
        session,
        acting_as(admin, at=before),
        document=as_json(document),
        valid_from=before.date() + timedelta(days=1),
        reason="积分到期",
    )
    confirm(session, acting_as(other, at=before), proposal_id=UUID(proposal))


def told_on(session, day):
    """How many passbooks stand on the day of a notice."""
    found = expiring_points(session, "xfl", day)
    return sum(one.begins_today for one in found)


@pytest.fixture
def admin(session):
    """The admin of a community that has its first rules."""
    return a_community(session)


class TestJobs:
    """What falls due by itself: holds, points, stars, and the list of what waits for a person."""

    def test_what_was_put_aside_too_long_comes_back(self, session, admin):
        passbook = points(session, a_volunteer(session).number, 1000)
        holds.place(
            session,
            an_act(at=NOON - timedelta(hours=2)),
            parts=[(passbook, 400)],
            expires_at=NOON - timedelta(hours=1),
            source="test:hold",
            memo="",
        )

        assert {"released": 1} == done(session, "holds")
        assert 1000 == statements.balance(session, "xfl", passbook)

    def test_points_stay_where_the_rules_keep_them(self, session, admin):
        passbook = points(session, a_volunteer(session).number, 1000, vintage=2020)

        assert {"passbooks": 0, "points_e2": 0} == done(session, "expiry")
        assert 1000 == statements.balance(session, "xfl", passbook)

    def test_points_expire_by_their_year_in_one_entry_per_passbook(self, session, admin):
        number = a_volunteer(session).number
        old, older = points(session, number, 300, vintage=2024), points(session, number, 200, vintage=2023)
        kept = points(session, number, 1000, vintage=2025)
        for_ever = points(session, number, 50)
        expiring(session, admin)

        assert {"passbooks": 1, "points_e2": 500} == done(session, "expiry")
        left = [statements.balance(session, "xfl", account) for account in (old, older, kept, for_ever)]
        assert [0, 0, 1000, 50] == left

    def test_however_often_it_runs_they_expire_once(self, session, admin):
        passbook = points(session, a_volunteer(session).number, 300, vintage=2024)
        expiring(session, admin)

        assert done(session, "expiry") == done(session, "expiry")
        assert 0 == statements.balance(session, "xfl", passbook)

    def test_whoever_is_told_today_is_counted(self, session, admin):
        points(session, a_volunteer(session).number, 300, vintage=2026)
        expiring(session, admin)
        days = [date(2027, 10, 1), date(2027, 10, 2), date(2027, 10, 3), date(2027, 12, 1), date(2027, 12, 24)]

        told = [told_on(session, day) for day in days]

        assert [0, 1, 0, 1, 1] == told

    def test_what_expires_soon_is_listed_with_its_last_day(self, session, admin):
        number = a_volunteer(session).number
        points(session, number, 300, vintage=2025)
        points(session, number, 700, vintage=2026)
        points(session, number, 50)
        assert () == expiring_points(session, "xfl", TODAY)
        expiring(session, admin)

        (listed,) = expiring_points(session, "xfl", TODAY, [number])

        assert (number, 2025, 300, date(2026, 12, 31), 38, 90) == (
            listed.number,
            listed.vintage,
            listed.points_e2,
            listed.last_on,
            listed.days_left,
            listed.notice_days,
        )
        assert () == expiring_points(session, "xfl", TODAY, ["V9999"])

    def test_everybody_is_looked_at_for_a_star_and_nobody_is_given_one(self, session, admin):
        number = a_candidate(session, a_staff_member(session), ONE_STAR)

        assert {"opened": 0, "withdrawn": 0, "flagged": 0, "recovered": 0} == done(session, "stars")
        assert 0 == stars.level_on(session, "xfl", number, TODAY)

    def test_what_waits_for_a_person_is_counted(self, session, admin):
        a_candidate(session, a_staff_member(session), ONE_STAR)

        assert {
            "records": 0,
            "unconfirmed": 0,
            "cases": 0,
            "stars_to_announce": 1,
            "stars_to_grant": 0,
            "stars_to_recommend": 0,
            "stars_with_upper": 0,
            "inquiries": 0,
            "reviews": 0,
            "objections": 0,
            "rules": 0,
            "pool_grants": 0,
        } == done(session, "due")

    def test_each_run_leaves_a_line(self, session, admin):
        done(session, "due")
        done(session, "due")

        lines = session.scalars(sa.select(TrailRow.verb).where(TrailRow.verb.startswith("nightly."))).all()
        assert ["nightly.due"] == lines


class TestNights:
    """A night is done once for each day, as a whole or in parts."""

    def test_a_second_night_of_the_same_day_finds_everything_done(self, database):
        with writing(database.engine) as session:
            a_community(session)

        first = nightly.run_night(database.engine, at_night(1), day=TODAY)
        again = nightly.run_night(database.engine, at_night(2), day=TODAY)

        assert list(nightly.JOBS) == [run.job for run in first]
        assert first == again

    def test_started_twice_at_once_each_job_is_done_once(self, database):
        with writing(database.engine) as session:
            a_community(session)

        with ThreadPoolExecutor(2) as both:
            nights = list(both.map(lambda n: nightly.run_night(database.engine, at_night(n), day=TODAY), (1, 2)))

        assert nights[0] == nights[1]
        with database.engine.connect() as connection:
            lines = connection.scalars(sa.select(TrailRow.verb).where(TrailRow.verb.startswith("nightly."))).all()
        assert sorted(f"nightly.{job}" for job in nightly.JOBS) == sorted(lines)

    def test_a_night_that_was_cut_off_goes_on_with_what_is_missing(self, database):
        with writing(database.engine) as session:
            a_community(session)
            done(session, "holds")

        runs = nightly.run_night(database.engine, at_night(), day=TODAY)

        assert {"released": 0} == runs[0].answer
        assert len(nightly.JOBS) == len(runs)
