"""What has happened in the town before a task begins."""

from datetime import timedelta

from tests.builders import an_act
from tests.web import town as told
from tests.web.town import XFL
from timebank import clock
from timebank.database import writing
from timebank.people import queries as people
from timebank.people.operations import issue_card
from timebank.service import operations, queries
from timebank.service.asked import NewActivity, Sheet, SheetLine
from timebank.service.operations import signing_up


def _act(session, login, at):
    number = told.number_of(login)
    person_id = people.staff_by_number(session, XFL, number).person_id
    return an_act(community_id=XFL, person_id=person_id, number=number, at=at, channel="web")


def signed_up(town, activity, count):
    """So many people were signed up for an activity, three days ago."""
    with writing(town.site.engine) as session:
        for place in range(1, count + 1):
            act = _act(session, "chen", clock.now() - timedelta(days=3))
            signing_up.sign_up(session, act, activity_number=activity, volunteer_number=f"V{place:04d}")


def going_on(town):
    """Something that was approved yesterday has just begun; return its number."""
    now = clock.now().replace(second=0, microsecond=0)
    new = NewActivity(
        title="清洗扶手",
        service_class="cleaning",
        place="7号楼",
        leader="李建国",
        starts_at=now - timedelta(minutes=3),
        ends_at=now + timedelta(hours=2),
    )
    with writing(town.site.engine) as session:
        yesterday = now - timedelta(days=1)
        number = operations.create_activity(session, _act(session, "li", yesterday), new=new)
        operations.approve_activity(session, _act(session, "chen", yesterday), number=number)
    return number


def card_for(town, volunteer):
    """Give somebody a card; return its digits."""
    with writing(town.site.engine) as session:
        return issue_card(session, _act(session, "li", clock.now()), number=volunteer)["code"]


def typed_in(town, activity, count):
    """So many people's hours were typed by 李建国 and wait for somebody else."""
    with writing(town.site.engine) as session:
        found = queries.activity(session, XFL, activity)
        lines = tuple(
            SheetLine(volunteer_number=f"V{place:04d}", starts_at=found.starts_at, ends_at=found.ends_at)
            for place in range(1, count + 1)
        )
        sheet = Sheet(activity_number=activity, lines=lines)
        operations.record_many(session, _act(session, "li", clock.now()), sheet=sheet)
