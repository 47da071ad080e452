"""Rules are proposed by one person, confirmed by another, and never changed afterwards."""

from datetime import date, timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.people.builders import GO_LIVE_ON, a_staff_member, acting_as
from tests.rulebook.builders import LONG_AGO, a_document, a_text
from tests.rulebook.community import TODAY, TOMORROW, a_bare_community, a_community, a_proposal, the_system
from timebank.books.journal import entry_at
from timebank.ledger.entries import EntryKind
from timebank.people.queries import NotAllowed
from timebank.people.roles import Role
from timebank.rulebook.operations import (
    RulesAlreadyPublished,
    confirm,
    propose,
    publish_first,
    reject,
    withdraw,
)
from timebank.rulebook.queries import (
    NoRules,
    NoSuchRuleProposal,
    NoSuchRuleVersion,
    rule_proposal,
    rule_proposals,
    rule_version,
    rule_versions,
    rules_on,
    rules_on_days,
)
from timebank.rulebook.rules import (
    NotYourProposal,
    ProposalDecided,
    ProposedByYourself,
    RuleDocumentInvalid,
    RulesBeforeTheLast,
    RulesInThePast,
    RulesReasonMissing,
    YearMissing,
    as_json,
    document_hash,
    opening_document,
    ordinary_document,
)

NEW_YEAR_S_EVE = date(2026, 12, 31)


class TestTheFirstRules:
    """Version 1 holds for the time before the community went live, version 2 from that day on; both come with it."""

    def test_before_going_live_sheets_from_before_count(self, session, admin):
        version = rules_on(session, "xfl", GO_LIVE_ON - timedelta(days=1))

        assert (1, LONG_AGO, opening_document()) == (version.version, version.valid_from, version.document)

    def test_from_that_day_on_they_do_not(self, session, admin):
        version = rules_on(session, "xfl", GO_LIVE_ON)

        assert (2, GO_LIVE_ON, ordinary_document()) == (version.version, version.valid_from, version.document)

    def test_nobody_confirmed_them(self, session, admin):
        assert [("system", None)] * 2 == [
            (version.published_by, version.confirmed_by) for version in rule_versions(session, "xfl")
        ]

    def test_each_is_an_entry_with_the_hash_of_its_document(self, session, admin):
        for version in rule_versions(session, "xfl"):
            entry = entry_at(session, "xfl", version.entry_seq)

            assert EntryKind.RULES_PUBLISHED is entry.kind
            assert () == entry.transfers
            assert version.version == entry.rule_version == entry.facts["version"]
            assert version.valid_from.isoformat() == entry.facts["valid_from"]
            assert document_hash(as_json(version.document)).hex() == entry.facts["document_sha256"]
            assert version.document_hash.hex() == entry.facts["document_sha256"]

    def test_a_second_time_is_refused(self, session, admin):
        with pytest.raises(RulesAlreadyPublished):
            publish_first(session, the_system(), go_live_on=GO_LIVE_ON)

    def test_the_same_request_again_gives_the_same_answer(self, session):
        a_bare_community(session)
        act = the_system()

        first = publish_first(session, act, go_live_on=GO_LIVE_ON)
        again = publish_first(session, act, go_live_on=GO_LIVE_ON)

        assert {"versions": [1, 2], "entries": [2, 3]} == first == again

    def test_whoever_opens_the_community_may_use_the_same_act(self, session):
        a_bare_community(session)
        act = the_system(request_key="k" * 100)

        assert [1, 2] == publish_first(session, act, go_live_on=GO_LIVE_ON)["versions"]

    def test_a_clerk_may_not(self, session):
        a_bare_community(session)
        clerk = a_staff_member(session, Role.CLERK)

        with pytest.raises(NotAllowed):
            publish_first(session, acting_as(clerk), go_live_on=GO_LIVE_ON)

    def test_another_community_has_its_own(self, session, admin):
        a_community(session, community_id="other", go_live_on=date(2026, 1, 1))

        assert 1 == rules_on(session, "xfl", date(2026, 6, 1)).version
        assert 2 == rules_on(session, "other", date(2026, 6, 1)).version


class TestProposing:
    """A proposal changes nothing; it waits for a second person."""

    def test_it_waits_and_nothing_holds_yet(self, session, admin):
        proposal_id = a_proposal(session, admin)

        proposal = rule_proposal(session, "xfl", proposal_id)
        assert ("open", TOMORROW, admin.number, None) == (
            proposal.state,
            proposal.valid_from,
            proposal.proposer,
            proposal.decider,
        )
        assert 2 == rules_on(session, "xfl", TOMORROW).version

    def test_the_newest_proposal_comes_first(self, session, admin):
        older = a_proposal(session, admin, at=NOON - timedelta(hours=1))
        newer = a_proposal(session, admin)

        assert [newer, older] == [proposal.proposal_id for proposal in rule_proposals(session, "xfl")]

    @pytest.mark.parametrize("day", [TODAY, TODAY - timedelta(days=1), LONG_AGO])
    def test_it_cannot_begin_today_or_earlier(self, session, admin, day):
        with pytest.raises(RulesInThePast) as refused:
            a_proposal(session, admin, valid_from=day)

        assert {"begins_on": day.isoformat(), "today": TODAY.isoformat()} == refused.value.facts
        assert () == rule_proposals(session, "xfl")

    def test_it_cannot_begin_before_a_version_that_is_published(self, session, admin, coordinator):
        confirm(session, acting_as(coordinator), proposal_id=a_proposal(session, admin, valid_from=NEW_YEAR_S_EVE))

        with pytest.raises(RulesBeforeTheLast) as refused:
            a_proposal(session, admin, valid_from=NEW_YEAR_S_EVE - timedelta(days=1))

        assert {"begins_on": "2026-12-30", "last_begins_on": "2026-12-31"} == refused.value.facts

    def test_it_cannot_begin_in_a_year_whose_holidays_are_not_listed(self, session, admin):
        with pytest.raises(YearMissing) as refused:
            a_proposal(session, admin, valid_from=date(2027, 1, 1))

        assert {"path": "working_years", "year": "2027"} == refused.value.facts

    def test_a_document_with_a_mistake_is_refused_with_its_path(self, session, admin):
        text = a_text("limits", "hold_hours", value=0)

        with pytest.raises(RuleDocumentInvalid) as refused:
            propose(session, acting_as(admin), document=text, valid_from=TOMORROW, reason="试一试")

        assert "limits.hold_hours" == refused.value.facts["path"]
        assert () == rule_proposals(session, "xfl")

    @pytest.mark.parametrize("reason", ["", "   ", "字" * 201, "两\n行"])
    def test_it_needs_a_reason(self, session, admin, reason):
        with pytest.raises(RulesReasonMissing):
            a_proposal(session, admin, reason=reason)

    def test_a_coordinator_may_not(self, session, coordinator):
        with pytest.raises(NotAllowed):
            a_proposal(session, coordinator)


class TestConfirming:
    """Two persons stand behind every version (domain.md 4: maker is not checker)."""

    def test_it_holds_from_its_day_on_and_not_before(self, session, admin, coordinator):
        version = confirm(session, acting_as(coordinator), proposal_id=a_proposal(session, admin))

        assert 3 == version
        assert [2, 3, 3] == [
            rules_on(session, "xfl", day).version for day in (TODAY, TOMORROW, TOMORROW + timedelta(days=400))
        ]
        assert 900 == rules_on(session, "xfl", TOMORROW).document.points_e2_per_hour

    def test_both_persons_stand_in_the_version_and_in_the_entry(self, session, admin, coordinator):
        confirm(session, acting_as(coordinator), proposal_id=a_proposal(session, admin))

        version = rule_version(session, "xfl", 3)
        entry = entry_at(session, "xfl", version.entry_seq)
        assert (admin.number, coordinator.number) == (version.published_by, version.confirmed_by)
        assert (coordinator.number, admin.number) == (entry.actor, entry.facts["proposed_by"])
        assert version.published_at == entry.booked_at

    def test_whoever_proposed_does_not_confirm(self, session, admin):
        proposal_id = a_proposal(session, admin)

        with pytest.raises(ProposedByYourself):
            confirm(session, acting_as(admin), proposal_id=proposal_id)

        assert "open" == rule_proposal(session, "xfl", proposal_id).state
        assert 2 == len(rule_versions(session, "xfl"))

    def test_a_clerk_does_not_confirm(self, session, admin):
        proposal_id = a_proposal(session, admin)
        clerk = a_staff_member(session, Role.CLERK)

        with pytest.raises(NotAllowed):
            confirm(session, acting_as(clerk), proposal_id=proposal_id)

    def test_twice_is_refused(self, session, admin, coordinator):
        proposal_id = a_proposal(session, admin)
        confirm(session, acting_as(coordinator), proposal_id=proposal_id)

        with pytest.raises(ProposalDecided) as refused:
            confirm(session, acting_as(coordinator), proposal_id=proposal_id)

        assert {"state": "published"} == refused.value.facts

    def test_pressed_twice_publishes_once(self, session, admin, coordinator):
        proposal_id = a_proposal(session, admin)
        act = acting_as(coordinator)

        first = confirm(session, act, proposal_id=proposal_id)
        again = confirm(session, act, proposal_id=proposal_id)

        assert 3 == first == again
        assert 3 == len(rule_versions(session, "xfl"))

    def test_a_proposal_whose_day_has_come_must_be_made_again(self, session, admin, coordinator):
        proposal_id = a_proposal(session, admin)

        with pytest.raises(RulesInThePast):
            confirm(session, acting_as(coordinator, at=NOON + timedelta(days=1)), proposal_id=proposal_id)

    def test_a_version_that_has_not_begun_can_be_replaced(self, session, admin, coordinator):
        mistaken = a_proposal(session, admin, valid_from=NEW_YEAR_S_EVE)
        confirm(session, acting_as(coordinator), proposal_id=mistaken)
        mended = a_document(points_e2_per_hour=950)

        confirm(
            session,
            acting_as(coordinator),
            proposal_id=a_proposal(session, admin, valid_from=NEW_YEAR_S_EVE, document=mended),
        )

        assert (4, mended) == (
            rules_on(session, "xfl", NEW_YEAR_S_EVE).version,
            rules_on(session, "xfl", NEW_YEAR_S_EVE).document,
        )

    def test_what_is_not_there_is_refused(self, session, coordinator):
        with pytest.raises(NoSuchRuleProposal):
            confirm(session, acting_as(coordinator), proposal_id=UUID(int=5))


class TestTurningDown:
    """A proposal can be rejected by a second person, or taken back by whoever made it; nothing changes."""

    def test_rejected(self, session, admin, coordinator):
        proposal_id = a_proposal(session, admin)

        reject(session, acting_as(coordinator), proposal_id=proposal_id)

        proposal = rule_proposal(session, "xfl", proposal_id)
        assert ("rejected", coordinator.number, NOON) == (proposal.state, proposal.decider, proposal.decided_at)
        assert 2 == len(rule_versions(session, "xfl"))

    def test_withdrawn(self, session, admin):
        proposal_id = a_proposal(session, admin)

        withdraw(session, acting_as(admin), proposal_id=proposal_id)

        assert "withdrawn" == rule_proposal(session, "xfl", proposal_id).state

    def test_nobody_withdraws_for_somebody_else(self, session, admin):
        proposal_id = a_proposal(session, admin)
        other = a_staff_member(session, Role.ADMIN)

        with pytest.raises(NotYourProposal) as refused:
            withdraw(session, acting_as(other), proposal_id=proposal_id)

        assert {"proposer": admin.number} == refused.value.facts

    def test_what_was_decided_stays_decided(self, session, admin, coordinator):
        proposal_id = a_proposal(session, admin)
        reject(session, acting_as(coordinator), proposal_id=proposal_id)

        for decide, who in ((confirm, coordinator), (reject, coordinator), (withdraw, admin)):
            with pytest.raises(ProposalDecided):
                decide(session, acting_as(who), proposal_id=proposal_id)

    def test_a_clerk_neither_rejects_nor_withdraws(self, session, admin):
        proposal_id = a_proposal(session, admin)
        clerk = a_staff_member(session, Role.CLERK)

        for decide in (reject, withdraw):
            with pytest.raises(NotAllowed):
                decide(session, acting_as(clerk), proposal_id=proposal_id)

    def test_another_community_cannot_be_decided_about(self, session, admin):
        proposal_id = a_proposal(session, admin)
        elsewhere = a_community(session, community_id="other")

        with pytest.raises(NoSuchRuleProposal):
            reject(session, acting_as(elsewhere, community_id="other"), proposal_id=proposal_id)


class TestAsking:
    """Which version holds is a question of the day, answered in one statement for many days."""

    def test_many_days_at_once(self, session, admin):
        days = [GO_LIVE_ON - timedelta(days=1), GO_LIVE_ON, TODAY]

        assert [1, 2, 2] == [rules_on_days(session, "xfl", days)[day].version for day in days]

    def test_no_rules_before_the_beginning_of_all(self, session, admin):
        with pytest.raises(NoRules) as refused:
            rules_on(session, "xfl", date(1899, 12, 31))

        assert {"day": "1899-12-31"} == refused.value.facts

    def test_no_rules_for_many_days_either(self, session, admin):
        with pytest.raises(NoRules):
            rules_on_days(session, "xfl", [TODAY, date(1899, 12, 31)])

    def test_no_such_version(self, session, admin):
        with pytest.raises(NoSuchRuleVersion):
            rule_version(session, "xfl", 3)

    def test_no_such_proposal(self, session, admin):
        with pytest.raises(NoSuchRuleProposal):
            rule_proposal(session, "xfl", UUID(int=5))
