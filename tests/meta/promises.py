"""Promises of safety, each with the tests that keep it or why it has none: the cases of trust.md.

A test is named as pytest does, without its parameters. `test_promises` makes sure that every one of them is there.
"""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True)
class Promise:
    """What is promised. tests: who keeps it; why_none: why there is no test, or what of it is still open."""

    number: str
    words: str
    tests: tuple[str, ...] = ()
    why_none: str = ""


SIGNING_IN: Final = "people/test_signing_in.py::"
LOGINS: Final = "people/test_logins.py::"
SESSIONS: Final = "people/test_sessions.py::"
SECOND: Final = "people/test_second_factor.py::"
RESETS: Final = "people/test_factor_resets.py::"
STEPS: Final = "web/test_second_factor.py::"
STAFFING: Final = "people/test_staffing.py::"
ROUTES: Final = "meta/test_routes.py::"
BAD: Final = "meta/test_bad_input.py::"
API: Final = "web/api/test_requests.py::"
API_ROUTES: Final = "web/api/test_routes.py::"
HEADERS: Final = "web/test_headers.py::"
SIGHTS: Final = "web/test_sights.py::"

CASES: Final = (
    Promise("N1", "zero, negative, true, null and empty are no amounts", (f"{API}TestStrictJson",)),
    Promise(
        "N2",
        "fractions and texts are no whole numbers; lengths by an exact rule",
        (
            f"{API}TestStrictJson",
            "service/test_durations.py::TestTypedLengths",
        ),
    ),
    Promise(
        "N3", "NaN and infinity are refused", (f"{API}TestStrictJson", "rulebook/test_reading.py::TestWrongValues")
    ),
    Promise(
        "N4",
        "numbers past the limit are refused",
        ("imports/test_parsing.py::TestWholeNumbers", f"{API}TestStrictJson"),
    ),
    Promise(
        "N6",
        "digits of other scripts are refused, full-width ones read where people type",
        (
            "imports/test_parsing.py::TestWholeNumbers",
            f"{SECOND}TestTheCode",
        ),
    ),
    Promise("N7", "sums never overflow", ("ledger/test_canonical.py::TestCanonicalBytes",)),
    Promise("N8", "hours that cannot be", ("service/test_durations.py::TestTypedLengths",)),
    Promise(
        "N9",
        "text that cannot be seen is refused, names are kept exactly",
        (
            "people/test_bad_text.py::TestBadText",
            "people/test_plain_text.py::TestTextThatIsRefused",
            "people/test_plain_text.py::TestTextThatIsKept",
        ),
    ),
    Promise(
        "N10",
        "names that come twice, unknown fields, wrong types, deep nests",
        (
            f"{API}TestStrictJson",
            f"{BAD}TestTheShapeOfARequest",
        ),
    ),
    Promise("N11", "one name in two spellings is one", ("people/test_names.py::TestNameKeys",)),
    Promise("A1", "guesses are throttled, whatever way they come", (f"{SIGNING_IN}TestThrottling",)),
    Promise(
        "A2",
        "the right password does not help meanwhile",
        (f"{SIGNING_IN}TestThrottling::test_even_the_right_password_is_not_looked_at",),
    ),
    Promise(
        "A3",
        "an outsider locks nobody out",
        (
            f"{SIGNING_IN}TestThrottling::test_from_elsewhere_the_owner_still_enters",
            f"{SIGNING_IN}TestThrottling::test_an_account_that_is_tried_from_everywhere_stays_open_where_it_was_entered",
        ),
    ),
    Promise("A4", "unknown, wrong and disabled are told alike and cost the same work", (f"{SIGNING_IN}TestFailing",)),
    Promise("A5", "a cookie that was there before does not go on", (f"{HEADERS}TestCookies",)),
    Promise("A7", "cookies carry their flags and are bound to the host", (f"{HEADERS}TestCookies",)),
    Promise(
        "A8",
        "sessions end, and are ended from elsewhere",
        (
            f"{SESSIONS}TestLasting",
            "people/test_devices.py::TestEnding",
        ),
    ),
    Promise("A9", "a one-time link works once, for minutes, the latest only", (f"{LOGINS}TestOneTimeLogins",)),
    Promise(
        "A10",
        "codes of an authenticator: once, one step off, throttled",
        (f"{SECOND}TestGiving", f"{SECOND}TestTheCode"),
    ),
    Promise("A12", "no account is there by default", ("people/test_opening.py", f"{STAFFING}TestAddingStaff")),
    Promise(
        "A13",
        "tokens: scope, expiry, end, throttle",
        (
            "tokens/test_tokens.py::TestIssuing",
            "tokens/test_tokens.py::TestEnding",
            "web/api/test_rate.py::TestHowFast",
        ),
    ),
    Promise(
        "Z1",
        "what is another community's is not there, and who asked stands in the trail of reads",
        (
            f"{ROUTES}TestAnotherCommunity",
            f"{API_ROUTES}TestWhatIsSomebodyElses",
            f"{SIGHTS}TestLines::test_who_is_not_there_leaves_a_refusal",
        ),
    ),
    Promise("Z3", "every role at every route", (f"{ROUTES}TestAudiences", f"{API_ROUTES}TestRoutes")),
    Promise(
        "Z4",
        "other methods are refused",
        (
            f"{ROUTES}TestAudiences::test_no_other_method_is_answered",
            f"{API_ROUTES}TestRoutes::test_no_other_method_is_answered",
        ),
    ),
    Promise("Z5", "whoever leaves has nothing from the next request on", (f"{STAFFING}TestDisabling",)),
    Promise(
        "Z6",
        "nobody ends what is somebody else's",
        ("tokens/test_tokens.py::TestEnding", "people/test_devices.py::TestEnding"),
    ),
    Promise(
        "Z8",
        "a field that nobody asked for is refused",
        (
            f"{BAD}TestTheShapeOfARequest::test_a_field_that_nobody_asked_for_is_refused",
            f"{API}TestStrictJson::test_a_field_that_nobody_asked_for_is_refused",
        ),
    ),
    Promise(
        "Z9", "numbers are masked by role, and a look at one is noted", ("people/test_documents.py::TestUnmasking",)
    ),
    Promise(
        "Z10",
        "the last admin stays, an auditor records nothing",
        (
            f"{STAFFING}TestTheLastAdmin",
            f"{STAFFING}TestRoles",
            "people/test_security_admins.py::TestAppointing",
            "people/test_security_admins.py::TestSeparation",
            "people/test_security_admins.py::TestTheDatabase",
        ),
    ),
    Promise(
        "W1-W4",
        "what people type is shown as text",
        (f"{HEADERS}TestTyped", "people/test_plain_text.py::TestTextForSpreadsheets"),
    ),
    Promise(
        "W5",
        "a form without its token, or as JSON, is refused",
        (
            f"{ROUTES}TestAudiences::test_a_form_without_a_token_is_refused",
            f"{BAD}TestTheShapeOfARequest",
        ),
    ),
    Promise(
        "W6",
        "a form from elsewhere is refused",
        (f"{ROUTES}TestAudiences::test_a_form_from_elsewhere_is_refused_even_with_a_token",),
    ),
    Promise("W8", "other host names are refused", (f"{BAD}TestHosts",)),
    Promise("W9", "no framing, no sniffing, no copies in caches", (f"{HEADERS}TestHeaders",)),
    Promise(
        "W10",
        "nothing private is fetched for an address that somebody gives",
        ("webhooks/test_rules.py", "web/test_webhooks.py"),
    ),
    Promise("W11", "wildcards and nonsense find nobody", ("people/test_searching.py::TestSearching",)),
    Promise("W13", "an error page tells nothing of what runs here", (f"{BAD}TestHosts",)),
    Promise("W14", "what is no page is not there", (f"{BAD}TestHosts::test_what_is_no_page_is_not_there",)),
    Promise(
        "W15",
        "slow clients keep nobody waiting",
        why_none="threads are set in `gunicorn_options`; not measured in the suite",
    ),
    Promise(
        "W17",
        "too many parts and too large bodies are refused",
        (
            f"{BAD}TestTheShapeOfARequest::test_a_form_too_large_is_refused",
            f"{BAD}TestTheShapeOfARequest::test_a_body_too_large_is_refused_before_it_is_read",
        ),
    ),
    Promise("W18", "pages and sizes are bounded", (f"{BAD}TestNothingBreaksAPage", f"{API}TestLists")),
    Promise("W19", "no pattern is slow", ("imports/test_parsing.py::TestPatternsAreLinear",)),
    Promise(
        "W20", "a long report does not stop the tills", why_none="statement limits are set; not measured in the suite"
    ),
)
"""Cases N, A, Z and W of trust.md, section 3."""
