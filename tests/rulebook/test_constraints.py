"""What the database itself keeps about rules, past the program."""

from datetime import date
from uuid import UUID

import pytest
import sqlalchemy as sa

from tests.builders import NOON
from tests.people.builders import acting_as
from tests.rulebook.builders import LONG_AGO
from tests.rulebook.community import TOMORROW, a_proposal
from timebank.rulebook.operations import (
    withdraw,
)
from timebank.rulebook.tables import RuleProposalRow, RuleVersionRow

NEW_YEAR_S_EVE = date(2026, 12, 31)


class TestTheDatabaseKeepsIt:
    """style.md: append-only is refused by the database itself, on both engines."""

    @pytest.mark.parametrize(
        "statement",
        [
            sa.update(RuleVersionRow).values(document="{}"),
            sa.update(RuleVersionRow).values(valid_from=LONG_AGO),
            sa.delete(RuleVersionRow),
            sa.delete(RuleProposalRow),
        ],
        ids=["document", "day", "version", "proposal"],
    )
    def test_nothing_that_was_published_or_proposed_is_changed_or_deleted(self, session, admin, statement):
        a_proposal(session, admin)

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(statement)

    @pytest.mark.parametrize(
        "change", [{"document": "{}"}, {"valid_from": NEW_YEAR_S_EVE}, {"proposer_id": UUID(int=9)}]
    )
    def test_a_proposal_stays_what_was_proposed(self, session, admin, change):
        a_proposal(session, admin)

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.update(RuleProposalRow).values(**change))

    def test_a_decision_is_not_taken_back(self, session, admin):
        withdraw(session, acting_as(admin), proposal_id=a_proposal(session, admin))
        again = {"state": "open", "decided_at": None, "decider": None, "decider_id": None}

        with pytest.raises(sa.exc.DBAPIError), session.begin_nested():
            session.execute(sa.update(RuleProposalRow).values(**again))

    def test_a_proposal_is_not_published_by_its_proposer(self, session, admin):
        a_proposal(session, admin)
        own = {"state": "published", "decided_at": NOON, "decider": admin.number, "decider_id": admin.person_id}

        with pytest.raises(sa.exc.IntegrityError, match="confirmed_by_another"), session.begin_nested():
            session.execute(sa.update(RuleProposalRow).values(**own))

    @pytest.mark.parametrize(
        ("change", "why"),
        [
            ({"version": 4}, "number not next"),
            ({"version": 2}, "number not next"),
            ({"valid_from": LONG_AGO}, "begins before"),
            ({"confirmed_by_id": None, "confirmed_by": None}, "two_persons"),
            ({"confirmed_by_id": UUID(int=1)}, "confirmed_by_another"),
            ({"proposal_id": None}, "proposed_before"),
        ],
    )
    def test_a_version_is_the_next_and_has_two_persons(self, session, admin, change, why):
        proposal_id = a_proposal(session, admin)
        honest = {
            "community_id": "xfl",
            "version": 3,
            "valid_from": TOMORROW,
            "document": "{}",
            "document_hash": bytes(32),
            "proposal_id": proposal_id,
            "published_by_id": UUID(int=1),
            "published_by": "S001",
            "confirmed_by_id": UUID(int=2),
            "confirmed_by": "S002",
            "published_at": NOON,
            "entry_seq": 1,
        }

        with pytest.raises(sa.exc.IntegrityError, match=why), session.begin_nested():
            session.execute(sa.insert(RuleVersionRow), honest | change)
