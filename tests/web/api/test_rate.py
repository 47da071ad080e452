"""How fast a token may ask, and what is told to who watches the service."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.builders import NOON
from tests.web.api.programs import BASKET, Program, a_program, problem
from timebank.web.api.callers import METER
from timebank.web.api.rate import PER_MINUTE, Meter

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


class TestHowFast:
    """trust.md T20, A13: a token asks so often in a minute; what is left is told with every answer."""

    def test_what_is_left_is_told(self, site):
        program = a_program(site, "zhou")

        first, second = (program.get("/me").headers for _ in range(2))

        assert str(PER_MINUTE) == first["RateLimit-Limit"]
        assert 1 <= int(first["RateLimit-Reset"]) <= 60
        assert second["RateLimit-Remaining"] in {str(PER_MINUTE - 2), str(PER_MINUTE - 1)}

    def test_one_too_many_is_told_when_to_ask_again(self, site):
        again = site.restarted()
        again.app.extensions[METER] = Meter(0)
        before = site.state()

        answer = Program(again, a_program(site, "zhao").token).post("/redemptions", BASKET)

        problem(answer, 429, "rate_exceeded")
        assert answer.headers["Retry-After"] == answer.headers["RateLimit-Reset"]
        assert before == site.state() | {name: before[name] for name in ("api_token", "request", "trail")}

    def test_every_token_has_its_own_count_in_every_minute(self, database_kind):
        meter = Meter(2)
        one, other = UUID(int=1), UUID(int=2)

        assert [1, 0, -1] == [meter.count(one, NOON).requests for _ in range(3)]
        assert 1 == meter.count(other, NOON).requests
        assert 1 == meter.count(one, NOON + timedelta(minutes=1)).requests


def test_the_size_of_the_books_is_told_to_who_keeps_them(site):
    """experience.md 4.2: metrics are not public."""
    told = a_program(site, "zhou").get("/metrics").get_data(as_text=True).splitlines()

    assert any(line.startswith('timebank_volunteers{community="xfl"} ') for line in told)
    assert any(line.startswith("timebank_entries{") for line in told)
