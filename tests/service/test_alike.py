"""Hours that look alike: an ordinary sheet is no flag, the same hours typed one by one are (trust.md X5)."""

from datetime import timedelta

from tests.builders import NOON
from tests.service.builders import XFL, a_line, a_sheet, a_volunteer, acting, moment
from timebank.service import operations, queries
from timebank.service.asked import NewActivity


class TestThirtyAlike:
    """trust.md X5: the sheet of a planned activity is one; what was typed one by one is not."""

    def test_forty_people_on_the_sheet_of_a_planned_activity_are_no_flag(self, session, community):
        activity = _planned(session)
        numbers = [a_volunteer(session, f"V{place:04}") for place in range(100, 140)]

        told = _typed(session, activity, *numbers)

        assert 0 == told["flagged"]

    def test_thirty_typed_one_by_one_are_flagged_and_carry_the_version_of_the_check(self, session, community):
        activity = _planned(session)
        numbers = [a_volunteer(session, f"V{place:04}") for place in range(100, 130)]

        flagged = [
            _typed(session, activity, number, later=timedelta(seconds=place))["flagged"]
            for place, number in enumerate(numbers)
        ]

        assert [0] * 29 + [1] == flagged
        [record] = [one for one in queries.records_of_activity(session, XFL, activity) if one.flags]
        assert [("many_alike", 2)] == [(flag.code, flag.check_version) for flag in record.flags]


def _planned(session):
    """An activity that a second person approved the evening before."""
    new = NewActivity(
        title="清扫",
        service_class="cleaning",
        place="3号楼",
        leader="李建国",
        starts_at=moment("2026-11-20 09:00"),
        ends_at=moment("2026-11-20 11:00"),
    )
    before = moment("2026-11-19 18:00")
    number = operations.create_activity(session, acting("S001", at=before), new=new)
    operations.approve_activity(session, acting("S002", at=before), number=number)
    return number


def _typed(session, activity, *numbers, later=timedelta(0)):
    lines = tuple(a_line(number, minutes=120) for number in numbers)
    return operations.record_many(session, acting(at=NOON + later), sheet=a_sheet(activity, *lines))
