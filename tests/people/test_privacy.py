"""Consents, requests about one's own data, and what is forgotten when its time is over."""

from datetime import date, timedelta
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON, an_act
from tests.people.builders import (
    VAULT,
    XFL,
    a_guardian,
    a_staff_member,
    a_volunteer,
    acting_as,
    an_identity_number,
    open_the_community,
)
from timebank.books.requests import Secret
from timebank.people import operations
from timebank.people.consents import (
    ANSWER_DAYS,
    CURRENT,
    Consent,
    ConsentByGuardian,
    ConsentGiven,
    ConsentOutdated,
    NoConsent,
    NoSuchDataRequest,
    RequestNeedsAnother,
    RequestWaitsAlready,
    WordsMissing,
)
from timebank.people.identity import DocumentKind
from timebank.people.operations.forgetting import forget_what_is_due
from timebank.people.operations.privacy import (
    answer_correction,
    ask_closing,
    ask_correction,
    give_consent,
    withdraw_consent,
    withdraw_data_request,
)
from timebank.people.operations.signing_in import open_demo_session
from timebank.people.queries.privacy import consents_of, data_requests_of, data_requests_waiting
from timebank.people.queries.rights import NotAllowed
from timebank.people.queries.sessions import secret_digest
from timebank.people.tables import (
    ConsentRow,
    DataRequestRow,
    DataRequestWordsRow,
    GuardianRow,
    LoginSessionRow,
    OneTimeLoginRow,
    PersonDocumentRow,
    SignInAttemptRow,
)


@pytest.fixture
def wang(session):
    """A volunteer with a document."""
    open_the_community(session)
    return a_volunteer(session, document=VAULT.document(XFL, DocumentKind.RESIDENT_ID, an_identity_number()))


def own(person, **changes):
    """An act of a volunteer."""
    return an_act(person_id=person.person_id, number=person.number, **changes)


def agree(session, act, person, what=Consent.NOTICE):
    """Agree to what is asked now."""
    give_consent(session, act, number=person.number, what=what, version=CURRENT[what])


class TestConsents:
    """PIPL 14 to 16: of one's own will, for a version, withdrawn as easily as given."""

    def test_it_says_which_version_when_and_by_whom(self, session, wang):
        agree(session, own(wang), wang)

        (held,) = consents_of(session, XFL, wang.person_id)
        assert (Consent.NOTICE, 1, NOON, wang.number, True) == (
            held.what,
            held.version,
            held.given_at,
            held.given_by,
            held.holds,
        )

    def test_the_desk_writes_down_what_was_signed_on_paper(self, session, wang):
        li = a_staff_member(session)

        agree(session, acting_as(li), wang)

        assert li.number == consents_of(session, XFL, wang.person_id)[0].given_by

    def test_nobody_agrees_for_somebody_else(self, session, wang):
        other = a_volunteer(session)

        with pytest.raises(NotAllowed):
            agree(session, own(other), wang)

    def test_another_version_than_the_present_one_is_refused(self, session, wang):
        with pytest.raises(ConsentOutdated):
            give_consent(
                session, own(wang), number=wang.number, what=Consent.NOTICE, version=CURRENT[Consent.NOTICE] + 1
            )

    def test_twice_is_told(self, session, wang):
        agree(session, own(wang), wang)

        with pytest.raises(ConsentGiven):
            agree(session, own(wang), wang)

    def test_for_a_child_the_guardian_does_at_the_desk(self, session, wang):
        child = a_volunteer(session, born_on=date(2014, 1, 1), guardian=a_guardian())

        with pytest.raises(ConsentByGuardian):
            agree(session, own(child), child)
        agree(session, acting_as(a_staff_member(session)), child)

        assert consents_of(session, XFL, child.person_id)[0].holds

    def test_from_fourteen_on_they_do_themselves(self, session, wang):
        young = a_volunteer(session, born_on=NOON.date().replace(year=NOON.year - 14), guardian=a_guardian())

        agree(session, own(young), young)

        assert consents_of(session, XFL, young.person_id)[0].holds


class TestWithdrawing:
    """PIPL 15: with its effect at once."""

    def test_without_it_the_number_of_the_document_is_deleted(self, session, wang):
        agree(session, own(wang), wang, Consent.DOCUMENT)

        said = withdraw_consent(session, own(wang), number=wang.number, what=Consent.DOCUMENT)

        assert "document_deleted" == said
        assert session.get(PersonDocumentRow, (XFL, wang.person_id)) is None
        assert not consents_of(session, XFL, wang.person_id)[0].holds

    def test_without_the_notice_the_desk_is_asked_to_close(self, session, wang):
        agree(session, own(wang), wang)

        assert "closing_asked" == withdraw_consent(session, own(wang), number=wang.number, what=Consent.NOTICE)

        assert ["close"] == [one.kind for one in data_requests_waiting(session, XFL)]

    def test_what_was_never_given_is_not_withdrawn(self, session, wang):
        with pytest.raises(NoConsent):
            withdraw_consent(session, own(wang), number=wang.number, what=Consent.NOTICE)

    def test_it_may_be_given_again(self, session, wang):
        agree(session, own(wang), wang, Consent.DOCUMENT)
        withdraw_consent(session, own(wang), number=wang.number, what=Consent.DOCUMENT)

        agree(session, own(wang, at=NOON + timedelta(minutes=1)), wang, Consent.DOCUMENT)

        assert [True, False] == [one.holds for one in consents_of(session, XFL, wang.person_id)]


class TestRequests:
    """PIPL 46, 50: asked for by the person, answered by the staff, with a day; GB/T 35273, 8.7: within thirty days."""

    def asked(self, session, wang):
        return UUID(ask_correction(session, own(wang), number=wang.number, words="我的名字写错了"))

    def test_it_has_a_day_and_waits(self, session, wang):
        self.asked(session, wang)

        (waiting,) = data_requests_waiting(session, XFL)
        assert ("我的名字写错了", "open", NOON.date() + timedelta(days=ANSWER_DAYS)) == (
            waiting.asked,
            waiting.state,
            waiting.due_on,
        )

    @pytest.mark.parametrize(("done", "state"), [(True, "done"), (False, "declined")])
    def test_the_staff_answer_with_words(self, session, wang, done, state):
        request_id, li = self.asked(session, wang), a_staff_member(session)

        answer_correction(session, acting_as(li), request_id=request_id, done=done, words="看过户口本")

        (answered,) = data_requests_of(session, XFL, wang.person_id)
        assert (state, "看过户口本", li.number) == (answered.state, answered.answered, answered.decided_by)

    def test_nobody_answers_their_own(self, session, wang):
        li = a_staff_member(session, volunteer_number=wang.number)
        request_id = self.asked(session, wang)

        with pytest.raises(RequestNeedsAnother):
            answer_correction(session, acting_as(li), request_id=request_id, done=True, words="好的")

    def test_only_who_registers_people_answers(self, session, wang):
        request_id, other = self.asked(session, wang), a_volunteer(session)

        with pytest.raises(NotAllowed):
            answer_correction(session, own(other), request_id=request_id, done=True, words="好的")

    def test_twice_waits_already(self, session, wang):
        self.asked(session, wang)

        with pytest.raises(RequestWaitsAlready):
            self.asked(session, wang)

    @pytest.mark.parametrize("words", ["", "好", "好" * 501, "看\x00不见"])
    def test_without_words_nothing_is_asked(self, session, wang, words):
        with pytest.raises(WordsMissing):
            ask_correction(session, own(wang), number=wang.number, words=words)

    def test_its_owner_takes_it_back_and_nobody_else(self, session, wang):
        request_id, other = self.asked(session, wang), a_volunteer(session)

        with pytest.raises(NoSuchDataRequest):
            withdraw_data_request(session, own(other), request_id=request_id)
        withdraw_data_request(session, own(wang), request_id=request_id)

        assert () == data_requests_waiting(session, XFL)

    def test_closing_is_not_done_by_an_answer(self, session, wang):
        request_id = UUID(ask_closing(session, own(wang), number=wang.number, words="搬走了"))

        with pytest.raises(NoSuchDataRequest):
            answer_correction(
                session, acting_as(a_staff_member(session)), request_id=request_id, done=True, words="好的"
            )

    @pytest.mark.parametrize(
        "statement",
        [
            sa.update(DataRequestRow).values(kind="close"),
            sa.update(DataRequestRow).values(state="open", decided_at=None, decided_by=None, decider_id=None),
            sa.delete(DataRequestRow),
            sa.update(ConsentRow).values(version=2),
            sa.delete(ConsentRow),
        ],
        ids=["another kind", "asked again", "never asked", "another version", "never agreed"],
    )
    def test_the_database_keeps_what_was_asked_and_agreed_to(self, session, wang, statement):
        withdraw_data_request(session, own(wang), request_id=self.asked(session, wang))
        agree(session, own(wang), wang)

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(statement, execution_options={"synchronize_session": False})


class TestForgetting:
    """PIPL 19, 47: the table of retention is kept by the work of the night, and nothing goes earlier."""

    def forget(self, session, at):
        return forget_what_is_due(session, an_act(number="system", at=at), day=at.date())

    def test_sessions_and_links_go_after_190_days(self, session, wang):
        open_demo_session(session, own(wang), login=wang.number, session_secret=Secret("cookie"))
        li = acting_as(a_staff_member(session))
        operations.issue_one_time_login(session, li, number=wang.number, one_time_token=Secret("token"))
        rows = ((LoginSessionRow, "cookie"), (OneTimeLoginRow, "token"))
        ends_at = session.get_one(OneTimeLoginRow, (XFL, secret_digest("token"))).expires_at

        self.forget(session, NOON + timedelta(days=190))
        assert all(session.get(row, (XFL, secret_digest(secret))) is not None for row, secret in rows)
        gone = self.forget(session, ends_at + timedelta(days=190, seconds=1))

        assert gone["sessions"] >= 1 <= gone["links"]
        session.expire_all()
        assert [] == [row for row, secret in rows if session.get(row, (XFL, secret_digest(secret))) is not None]

    def test_attempts_go_after_a_day(self, session, wang):
        session.execute(
            sa.insert(SignInAttemptRow),
            {
                "community_id": XFL,
                "id": an_act().new_id("attempt"),
                "login_digest": b"d" * 32,
                "source": "192.0.2.1",
                "at": NOON,
                "succeeded": False,
            },
        )

        assert 0 == self.forget(session, NOON + timedelta(days=1))["attempts"]
        assert 1 == self.forget(session, NOON + timedelta(days=1, seconds=1))["attempts"]

    def test_the_words_of_a_request_go_and_the_request_stays(self, session, wang):
        request_id = UUID(ask_correction(session, own(wang), number=wang.number, words="名字写错了"))
        withdraw_data_request(session, own(wang), request_id=request_id)

        assert 0 == self.forget(session, NOON + timedelta(days=400))["words"]
        assert 1 == self.forget(session, NOON + timedelta(days=400, seconds=1))["words"]

        assert session.get(DataRequestWordsRow, (XFL, request_id)) is None
        assert [("withdrawn", "")] == [(one.state, one.asked) for one in data_requests_of(session, XFL, wang.person_id)]

    def test_a_guardian_goes_when_the_minor_is_eighteen(self, session, wang):
        eighteen = date(2027, 3, 2)
        minor = a_volunteer(session, born_on=eighteen.replace(year=eighteen.year - 18), guardian=a_guardian())

        before = self.forget(session, NOON + timedelta(days=(eighteen - NOON.date()).days - 1))
        after = self.forget(session, NOON + timedelta(days=(eighteen - NOON.date()).days))

        assert (0, 1) == (before["guardians"], after["guardians"])
        assert session.get(GuardianRow, (XFL, minor.person_id)) is None
