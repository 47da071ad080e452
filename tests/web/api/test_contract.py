"""The API keeps to its description, whatever a generator makes of it: every answer has a shape and a known status.

Each role calls every route with what fits the description and with what does not, on both databases. What is malformed
is 400 or 422, what a rule refuses 409, and nothing is ever a fault of the program.
"""

import os
from typing import Final

import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core.result import Ok

from tests.web.api.programs import a_token
from timebank.chance import fresh_key

EXAMPLES: Final = 50 if "TIMEBANK_TEST_LONG" in os.environ else 2
"""How many calls of each route by each role, in less than a minute for each database."""
CHECKS: Final = {
    "checks": {
        # A cursor is a text of the list's own, and whether two filters go together no description says.
        "positive_data_acceptance": {"expected-statuses": ["2xx", "400", "403", "404", "409", "422"]},
        # 5.0 is a whole number to JSON Schema, and no number of points to us.
        "negative_data_rejection": {"expected-statuses": ["400", "403", "404", "405", "409", "413", "415", "422"]},
    }
}
LOGINS: Final = ("li", "zhao", "zhou", "admin")


def test_every_answer_is_as_it_is_described(served):
    """trust.md G15: 0 failures of schemathesis with all its checks, against the running service."""
    tokens = [a_token(served.engine, login) for login in LOGINS]
    described = schemathesis.openapi.from_url(f"{served.url}/openapi.json", config=SchemathesisConfig.from_dict(CHECKS))

    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        _call(found.ok(), tokens)


def _call(operation, tokens):
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        derandomize=True,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def call(case):
        # What is made up once is asked by everybody: to make it up takes longer than to answer it.
        for token in tokens:
            known = {"post": {"Idempotency-Key": fresh_key()}, "patch": {"If-Match": "*"}}.get(operation.method, {})
            case.call_and_validate(headers={"Authorization": f"Bearer {token}"} | known)

    call()
