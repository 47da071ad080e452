"""Opening a community."""

import pytest

from tests.builders import an_act
from tests.people.builders import FIRST_TOKEN, GO_LIVE_ON, OPENED_AT, an_admin_act, open_the_community, with_defaults
from timebank.books import journal, trail
from timebank.books.requests import RequestKeyReused, Secret
from timebank.books.trail import TrailFilter
from timebank.database import reading, writing
from timebank.ledger.entries import EntryKind
from timebank.people import operations, queries
from timebank.people.admission import PersonNameInvalid
from timebank.people.operations.opening import CommunityCodeInvalid, CommunityExists, CommunityTextInvalid, NewCommunity
from timebank.people.operations.organising import UnitNameInvalid
from timebank.people.operations.staffing import LoginInvalid, NewStaff
from timebank.people.queries.places import OrgLevel
from timebank.people.queries.sessions import OneTimeLoginSpent
from timebank.people.roles import SYSTEM, Permission, Role


def opened(session, *, community_id="xfl", key=None, admin=None, **changes):
    """Open a community under a request key of the test's choice."""
    act = an_act(community_id=community_id, number=SYSTEM, at=OPENED_AT, **({"request_key": key} if key else {}))
    return operations.open_community(
        session,
        act,
        community=NewCommunity(**with_defaults(changes, name="幸福里社区", go_live_on=GO_LIVE_ON)),
        admin=admin or NewStaff(login="admin", name="陈主任"),
        one_time_token=Secret("token"),
    )


class TestOpening:
    """trust.md A12: no account is there by default; the first admin has a login that works once."""

    def test_the_log_begins_with_one_entry(self, session):
        answer = open_the_community(session)

        entry = journal.entry_at(session, "xfl", answer["seq"])
        assert (1, EntryKind.COMMUNITY_OPENED, "system", ()) == (entry.seq, entry.kind, entry.actor, entry.transfers)
        assert {"name": "幸福里社区", "go_live_on": "2026-11-01"} == entry.facts

    def test_the_community_can_be_asked_for(self, session):
        open_the_community(session, station_phone=" 0531-1234567 ", opening_hours="周一至周五 8:30–17:00")

        community = queries.community(session, "xfl")
        assert ("幸福里社区", "0531-1234567", GO_LIVE_ON) == (
            community.name,
            community.station_phone,
            community.go_live_on,
        )
        assert (community,) == queries.communities(session)

    def test_the_tree_has_its_top(self, session):
        open_the_community(session)

        top = queries.root(session, "xfl")
        assert (OrgLevel.BRANCH, "幸福里社区党总支", None) == (top.level, top.name, top.parent_id)

    def test_the_first_admin_is_there_and_may_manage_the_staff(self, session):
        answer = open_the_community(session)

        admin = queries.staff_by_login(session, "xfl", "ADMIN")
        assert ("S001", "陈主任", frozenset({Role.ADMIN})) == (admin.number, admin.name, admin.roles)
        assert str(admin.person_id) == answer["person_id"]
        queries.check_may(session, an_admin_act(), Permission.MANAGE_STAFF)

    def test_the_first_admin_has_a_one_time_login_for_three_days(self, session):
        open_the_community(session)
        secret = f"{FIRST_TOKEN} xfl"

        found = queries.one_time_login(session, "xfl", secret=secret, at=OPENED_AT)

        assert ("陈主任", 3) == (found.name, (found.expires_at - OPENED_AT).days)

    def test_the_token_itself_is_nowhere(self, session):
        answer = open_the_community(session)

        assert FIRST_TOKEN not in str(answer)

    def test_leaves_one_line_in_the_trail(self, session):
        open_the_community(session)

        found = trail.lines(session, "xfl", wanted=TrailFilter())
        assert [("people.open_community", "done", "system")] == [
            (line.verb, line.outcome, line.actor) for line in found
        ]

    def test_asked_twice_opens_once(self, session):
        first = opened(session, key="open-the-community")

        assert first == opened(session, key="open-the-community")

    def test_the_same_key_opens_nothing_else(self, session):
        opened(session, key="open-the-community")

        with pytest.raises(RequestKeyReused):
            opened(session, key="open-the-community", name="平安里社区")


class TestRefusals:
    """What cannot be a community is refused before anything is begun."""

    def test_a_second_one_of_the_same_code_is_refused(self, session):
        opened(session)

        with pytest.raises(CommunityExists) as refused:
            opened(session)

        assert {"community": "xfl"} == refused.value.facts

    @pytest.mark.parametrize("code", ["x", "a" * 17, "Xfl", "x fl", "-xf", "xf-", "幸福里", "x/l", ""])
    def test_a_code_is_2_to_16_small_letters_digits_and_hyphens(self, session, code):
        with pytest.raises(CommunityCodeInvalid):
            opened(session, community_id=code)

    @pytest.mark.parametrize("code", ["xf", "a" * 16, "x-1", "00"])
    def test_the_shortest_and_the_longest_code_are_accepted(self, session, code):
        assert "S001" == opened(session, community_id=code)["number"]

    @pytest.mark.parametrize("name", ["", "   ", "幸" * 61, "幸福\u202e里", "·"])
    def test_a_community_has_a_name_that_can_be_seen(self, session, name):
        with pytest.raises(UnitNameInvalid):
            opened(session, name=name)

    @pytest.mark.parametrize("field", ["station_phone", "opening_hours"])
    def test_what_stands_on_every_page_is_text_of_one_line(self, session, field):
        with pytest.raises(CommunityTextInvalid) as refused:
            opened(session, **{field: "8:30\n17:00"})

        assert field == refused.value.facts["field"]

    @pytest.mark.parametrize("phone", ["1" * 40, "1" * 41])
    def test_the_phone_of_the_station_has_at_most_40_characters(self, session, phone):
        if len(phone) > 40:
            with pytest.raises(CommunityTextInvalid):
                opened(session, station_phone=phone)
        else:
            assert opened(session, station_phone=phone)

    def test_an_admin_who_cannot_sign_in_is_refused(self, session):
        with pytest.raises(LoginInvalid):
            opened(session, admin=NewStaff(login="s001", name="陈主任"))

    def test_an_admin_without_a_name_is_refused(self, session):
        with pytest.raises(PersonNameInvalid):
            opened(session, admin=NewStaff(login="admin", name=" "))

    def test_after_a_refusal_the_community_can_still_be_opened(self, database):
        with pytest.raises(LoginInvalid), writing(database.engine) as session:
            opened(session, admin=NewStaff(login="s001", name="陈主任"))

        with writing(database.engine) as session:
            assert 1 == opened(session)["seq"]

    def test_a_refused_code_leaves_nothing_behind(self, database):
        with pytest.raises(CommunityCodeInvalid), writing(database.engine) as session:
            opened(session, community_id="Xfl")

        with reading(database.engine) as session:
            assert () == queries.communities(session)

    def test_a_community_that_is_not_there_is_told_so(self, session):
        with pytest.raises(queries.NoSuchCommunity):
            queries.community(session, "xfl")

    def test_before_it_is_opened_no_one_time_login_works(self, session):
        with pytest.raises(OneTimeLoginSpent):
            queries.one_time_login(session, "xfl", secret="any", at=OPENED_AT)
