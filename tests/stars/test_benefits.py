"""What a star does for signing up: places that are few are for higher stars first."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.people.builders import a_volunteer, acting_as
from tests.rulebook.builders import a_document
from tests.stars.builders import a_candidate, a_star
from timebank.rulebook.operations import confirm, propose
from timebank.rulebook.rules import StarBenefits, as_json
from timebank.service.asked import NewActivity
from timebank.service.operations import approve_activity, create_activity
from timebank.service.operations.signing_up import sign_up
from timebank.service.rules.signing_up import SignUpNotYet

DAY = timedelta(days=1)
TOMORROW = NOON + DAY
BENEFITS = StarBenefits(early_hours=(0, 24, 24, 24, 24, 24), level_goods=())


@pytest.fixture
def ruled(session, admin, granter):
    """From tomorrow on a star signs up a day earlier."""
    document = as_json(a_document(benefits=BENEFITS))
    act = acting_as(admin)
    proposal_id = propose(session, act, document=document, valid_from=TOMORROW.date(), reason="居民议事会通过")
    confirm(session, acting_as(granter), proposal_id=UUID(proposal_id))


def an_activity(session, approver, granter, *, capacity=2, starts=TOMORROW + 10 * DAY):
    """Let an activity be made, and approved tomorrow; return its number."""
    new = NewActivity(
        title="看望老人",
        service_class="care",
        place="3号楼",
        leader="李建国",
        starts_at=starts,
        ends_at=starts + timedelta(hours=2),
        capacity=capacity,
    )
    number = create_activity(session, acting_as(approver, at=TOMORROW), new=new)
    approve_activity(session, acting_as(granter, at=TOMORROW), number=number)
    return number


def signed_up(session, person, activity, *, at=TOMORROW):
    """Let somebody sign up for themselves."""
    act = acting_as(person, at=at)
    return sign_up(session, act, activity_number=activity, volunteer_number=person.number)["waits"]


@pytest.mark.usefixtures("ruled")
class TestPlacesThatAreFew:
    """domain.md section 1.3 and the rules: in the order of the stars, and nobody is kept out for good."""

    def test_a_star_signs_up_a_day_earlier(self, session, approver, granter):
        starred = a_candidate(session, approver)
        a_star(session, starred, granter)
        plain, number = a_volunteer(session), an_activity(session, approver, granter)
        desk = acting_as(approver, at=TOMORROW)

        assert 0 == sign_up(session, desk, activity_number=number, volunteer_number=starred)["waits"]
        with pytest.raises(SignUpNotYet) as refused:
            signed_up(session, plain, number, at=TOMORROW + DAY - timedelta(seconds=1))
        assert 0 == signed_up(session, plain, number, at=TOMORROW + DAY)

        assert "2026-11-25" == str(refused.value.facts["opens"])[:10]

    def test_without_a_limit_everybody_signs_up_at_once(self, session, approver, granter):
        number = an_activity(session, approver, granter, capacity=None)

        assert 0 == signed_up(session, a_volunteer(session), number)

    def test_nobody_waits_where_it_begins_soon(self, session, approver, granter):
        number = an_activity(session, approver, granter, starts=TOMORROW + 2 * DAY - timedelta(seconds=1))

        assert 0 == signed_up(session, a_volunteer(session), number)
