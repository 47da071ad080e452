"""What the tests of the routes know of them: examples for the changing parts of their addresses, and whose they are."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask
from werkzeug.routing import Rule

from tests.web import town
from timebank.web.access import AUDIENCES, Audience
from timebank.web.api.family import DOOR

VISITORS: Final = {
    "zhao": Audience.CLERK,
    "li": Audience.COORDINATOR,
    "zhou": Audience.AUDITOR,
    "admin": Audience.ADMIN,
    town.WANG: Audience.VOLUNTEER,
}
"""Somebody of each audience; a town has a security admin only where a test makes one."""

NOBODY: Final = "00000000-0000-7000-8000-000000000000"
TOKEN: Final = "a-token-that-never-was"

EXAMPLES: Final[dict[str, dict[str, Any]]] = {
    "static": {"filename": "timebank.css"},
    "session.first_time": {"community": town.XFL, "token": TOKEN},
    "session.first_time_now": {"community": town.XFL, "token": TOKEN},
    "evidence.document": {"code": "98000000010000000000"},
    "evidence.receipt_file": {"code": "98000000010000000000"},
    "log_files.checkpoint": {"community_id": town.XFL},
    "log_files.key": {"community_id": town.XFL},
    "log_files.tile": {"community_id": town.XFL, "level": 0, "name": "000"},
    "log_files.entries": {"community_id": town.XFL, "name": "000"},
    "log_files.for_witness": {"community_id": town.XFL, "older_size": 1},
    "log_files.take_cosignature": {"community_id": town.XFL},
    "volunteer.entry": {"seq": 1},
    "activities.one": {"number": town.TO_COME},
    "posters.page": {"number": town.TO_COME},
    "posters.picture": {"number": town.TO_COME},
    "appointments.book": {"number": "KF01"},
    "timetables.one": {"number": "KF01"},
    "timetables.set_hours": {"number": "KF01"},
    "timetables.set_exception": {"number": "KF01"},
    "timetables.offer": {"number": "KF01"},
    "timetables.book": {"number": "KF01"},
    "timetables.give_back": {"number": "KF01"},
    "timetables.close": {"number": "KF01"},
    "activities.sign_up": {"number": town.TO_COME},
    "activities.sign_off": {"number": town.TO_COME},
    "check_in.scanned": {"code": "96000000010000000000"},
    "attending.one": {"number": town.TO_COME},
    "attending.sign_up": {"number": town.TO_COME},
    "attending.sign_off": {"number": town.TO_COME},
    "attending.cancel": {"number": town.TO_COME},
    "attending.code": {"number": town.TO_COME},
    "attending.door": {"number": town.TO_COME},
    "attending.scan": {"number": town.TO_COME},
    "hours.record_hours": {"number": town.TO_RECORD},
    "hours.submit_hours": {"number": town.TO_RECORD},
    "approvals.record": {"record_id": NOBODY},
    "attending.name_recipient": {"number": town.TO_COME},
    "confirming.answer": {"record_id": NOBODY},
    "confirming.deny_at_desk": {"record_id": NOBODY},
    "confirming.answer_as_recipient": {"record_id": NOBODY},
    "confirming.rate_as_recipient": {"record_id": NOBODY},
    "approvals.correct": {"record_id": NOBODY},
    "importing.batch": {"number": "B0001"},
    "importing.confirm": {"number": "B0001"},
    "importing.undo": {"number": "B0001"},
    "certificates.one": {"code": "98000000010000000000"},
    "certificates.file": {"code": "98000000010000000000"},
    "helped.answer": {"number": town.WANG, "record_id": NOBODY},
    "helping.helpers": {"number": town.WANG},
    "helping.name": {"number": town.WANG},
    "helping.end": {"number": town.WANG},
    "objections.answer": {"number": "Y-261120-1"},
    "approvals.reject": {"record_id": NOBODY},
    "approvals.reverse": {"record_id": NOBODY},
    "till.slip": {"number": town.SLIP},
    "till.undo": {"number": town.SLIP},
    "counting.count": {"number": "C0001"},
    "counting.tally": {"number": "C0001"},
    "counting.again": {"number": "C0001"},
    "counting.submit": {"number": "C0001"},
    "counting.finalise": {"number": "C0001"},
    "counting.drop": {"number": "C0001"},
    "relief.slip": {"number": "J000001"},
    "partners.statement": {"code": "P001"},
    "partners.table": {"code": "P001"},
    "settling.statement": {"code": "P001"},
    "settling.table": {"code": "P001"},
    "settling.draw_up": {"code": "P001"},
    "settling.confirm": {"code": "P001"},
    "vouchers.desk": {"number": "D001"},
    "vouchers.slip": {"number": "E000001"},
    "vouchers.give_back": {"number": "E000001"},
    "vouchers.give_own_back": {"number": "E000001"},
    "reservations.release": {"number": "Y000001"},
    "reservations.one": {"number": "Y000001"},
    "reservations.pick_up": {"number": "Y000001"},
    "reservations.give_back": {"number": "Y000001"},
    "parking.take": {"number": "K000001"},
    "shifts.one": {"number": "T0001"},
    "shifts.take_over": {"number": "T0001"},
    "shifts.close": {"number": "T0001"},
    "shifts.drop": {"number": "T0001", "basket": "K000001"},
    "auditor.account": {"code": "redeemed/points"},
    "auditor.entry": {"seq": 1},
    "groups.one": {"number": "TD0001"},
    "groups.give": {"number": "TD0001"},
    "persons.person": {"number": town.WANG},
    "persons.card": {"number": town.WANG},
    "persons.issue_card": {"number": town.WANG},
    "persons.revoke_card": {"number": town.WANG},
    "persons.new_login": {"number": town.WANG},
    "privacy.ask_at_desk": {"number": town.WANG},
    "privacy.agree_at_desk": {"number": town.WANG},
    "privacy.withdraw_own": {"request_id": NOBODY},
    "privacy.answer": {"request_id": NOBODY},
    "privacy.close": {"request_id": NOBODY},
    "privacy.withdraw_asked": {"request_id": NOBODY},
    "persons.note_birth_date": {"number": town.WANG},
    "persons.unmask": {"number": town.WANG},
    "star_inquiries.one": {"number": "FH0001"},
    "star_inquiries.hear": {"number": "FH0001"},
    "star_inquiries.decide": {"number": "FH0001"},
    "star_inquiries.state": {"number": "FH0001"},
    "star_inquiries.object_to": {"number": "FH0001"},
    "tokens.end": {"token_id": NOBODY},
    "desk_requests.confirm_factor": {"reset_id": NOBODY},
    "desk_requests.confirm_password": {"reset_id": NOBODY},
    "desk_requests.confirm_security": {"reset_id": NOBODY},
    "desk_requests.withdraw": {"reset_id": NOBODY},
    "webhooks.one": {"webhook_id": NOBODY},
    "webhooks.ping": {"webhook_id": NOBODY},
    "webhooks.send_again": {"webhook_id": NOBODY},
    "webhooks.end": {"webhook_id": NOBODY},
    "reference.problem": {"code": "not_enough_points"},
    "rules.version": {"version": 1},
    "rules.document": {"version": 1},
}
"""Something that there is, or could be, for each route whose address has changing parts; a new one must be added."""


@dataclass(frozen=True)
class Route:
    """One route and one of its methods.

    Attributes:
        path: its address with the examples filled in.
        audiences: as its view declares them, None if it does not.
    """

    rule: str
    endpoint: str
    method: str
    path: str
    audiences: frozenset[Audience] | None

    @property
    def is_public(self) -> bool:
        """Whether nobody is turned away."""
        return self.audiences is None or Audience.PUBLIC in self.audiences

    def is_for(self, login: str | None) -> bool:
        """Whether this visitor is let in; None is a stranger."""
        return self.is_public if login is None else self.is_for_audience(VISITORS[login])

    def is_for_audience(self, audience: Audience) -> bool:
        """Whether whoever is signed in as one audience is let in."""
        mine = {Audience.SIGNED_IN, Audience.SECOND_STEP, audience}
        return self.is_public or not mine.isdisjoint(self.audiences or ())

    def __str__(self) -> str:
        return f"{self.method} {self.rule}"


def routes(app: Flask) -> Iterator[Route]:
    """Every route of the application, once for each method that says something of its own."""
    for rule in pages(app):
        for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
            declared = getattr(app.view_functions[rule.endpoint], AUDIENCES, None)
            yield Route(rule.rule, rule.endpoint, method, _filled_in(app, rule), declared)


def pages(app: Flask) -> Iterator[Rule]:
    """The rules of the pages; those of the API have a door of their own (tests/web/api)."""
    return (rule for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], DOOR))


def without_example(app: Flask) -> list[str]:
    """The routes whose addresses have changing parts of which no example is known."""
    return [rule.endpoint for rule in pages(app) if rule.arguments - EXAMPLES.get(rule.endpoint, {}).keys()]


def _filled_in(app: Flask, rule: Rule) -> str:
    anything = dict.fromkeys(rule.arguments, NOBODY if "uuid" in rule.rule else "1")
    return path_of(app, rule.endpoint, anything | EXAMPLES.get(rule.endpoint, {}))


def path_of(app: Flask, endpoint: str, arguments: dict[str, Any]) -> str:
    """The address of a route for some arguments."""
    return app.url_map.bind("localhost").build(endpoint, arguments)
