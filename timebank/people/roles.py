"""Roles and what each may do: two tables that an auditor can read.

Recording, custody, prices and checking never meet in one person, so a person has one role: whoever gives points away
has no goods, whoever has goods sets no price, whoever makes accounts records nothing, and whoever checks does nothing
else. Where there is a security admin, accounts, logins and the key of the log are theirs and no longer the admins'.
A community has few people, so a coordinator also approves what another coordinator has recorded; that the two
are different persons is decided, and constrained in the database, where it happens.

Source: trust.md section 1, separation of duties.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final


class Role(StrEnum):
    """The working roles of a community."""

    ADMIN = "admin"
    COORDINATOR = "coordinator"
    CLERK = "clerk"
    AUDITOR = "auditor"
    SECURITY_ADMIN = "security_admin"


class Permission(StrEnum):
    """What an operation asks for before it does anything."""

    REGISTER_PEOPLE = "register_people"
    READ_PEOPLE = "read_people"
    UNMASK_DOCUMENT = "unmask_document"
    MANAGE_STAFF = "manage_staff"
    RESET_FACTOR = "reset_factor"
    ADD_PARTNER = "add_partner"
    CREATE_ACTIVITY = "create_activity"
    APPROVE_ACTIVITY = "approve_activity"
    KEEP_ATTENDANCE = "keep_attendance"
    KEEP_TIMETABLE = "keep_timetable"
    RECORD_HOURS = "record_hours"
    APPROVE_HOURS = "approve_hours"
    ANSWER_AT_DESK = "answer_at_desk"
    GRANT_STAR = "grant_star"
    REDEEM = "redeem"
    UNDO_LATE = "undo_late"
    RECEIVE_GOODS = "receive_goods"
    CHECK_IN_GOODS = "check_in_goods"
    SET_PRICES = "set_prices"
    CONFIRM_PRICES = "confirm_prices"
    IMPORT_FILES = "import_files"
    CONFIRM_IMPORT = "confirm_import"
    PUBLISH_RULES = "publish_rules"
    CONFIRM_RULES = "confirm_rules"
    GRANT_FROM_POOL = "grant_from_pool"
    ISSUE_CERTIFICATES = "issue_certificates"
    GIVE_RELIEF = "give_relief"
    CLOSE_PERIOD = "close_period"
    KEEP_LOG = "keep_log"
    KEEP_WEBHOOKS = "keep_webhooks"
    READ_PASSBOOKS = "read_passbooks"
    READ_BOOKS = "read_books"
    VERIFY = "verify"
    EXPORT = "export"


PERMISSIONS: Final[dict[Role, frozenset[Permission]]] = {
    Role.ADMIN: frozenset(
        {
            Permission.REGISTER_PEOPLE,
            Permission.READ_PEOPLE,
            Permission.UNMASK_DOCUMENT,
            Permission.MANAGE_STAFF,
            Permission.RESET_FACTOR,
            Permission.ADD_PARTNER,
            Permission.SET_PRICES,
            Permission.CONFIRM_PRICES,
            Permission.PUBLISH_RULES,
            Permission.CONFIRM_RULES,
            Permission.CLOSE_PERIOD,
            Permission.KEEP_LOG,
            Permission.KEEP_WEBHOOKS,
            Permission.IMPORT_FILES,
            Permission.VERIFY,
        }
    ),
    Role.COORDINATOR: frozenset(
        {
            Permission.REGISTER_PEOPLE,
            Permission.READ_PEOPLE,
            Permission.UNMASK_DOCUMENT,
            Permission.READ_PASSBOOKS,
            Permission.RESET_FACTOR,
            Permission.ADD_PARTNER,
            Permission.CREATE_ACTIVITY,
            Permission.APPROVE_ACTIVITY,
            Permission.KEEP_ATTENDANCE,
            Permission.KEEP_TIMETABLE,
            Permission.RECORD_HOURS,
            Permission.APPROVE_HOURS,
            Permission.ANSWER_AT_DESK,
            Permission.GRANT_STAR,
            Permission.GRANT_FROM_POOL,
            Permission.ISSUE_CERTIFICATES,
            Permission.GIVE_RELIEF,
            Permission.UNDO_LATE,
            Permission.RECEIVE_GOODS,
            Permission.CHECK_IN_GOODS,
            Permission.SET_PRICES,
            Permission.CONFIRM_PRICES,
            Permission.CONFIRM_RULES,
            Permission.IMPORT_FILES,
            Permission.CONFIRM_IMPORT,
            Permission.VERIFY,
        }
    ),
    Role.CLERK: frozenset(
        {
            Permission.READ_PEOPLE,
            Permission.READ_PASSBOOKS,
            Permission.ADD_PARTNER,
            Permission.ANSWER_AT_DESK,
            Permission.REDEEM,
            Permission.RECEIVE_GOODS,
            Permission.CHECK_IN_GOODS,
            Permission.IMPORT_FILES,
        }
    ),
    Role.AUDITOR: frozenset(
        {
            Permission.READ_PEOPLE,
            Permission.READ_PASSBOOKS,
            Permission.READ_BOOKS,
            Permission.VERIFY,
            Permission.EXPORT,
        }
    ),
    Role.SECURITY_ADMIN: frozenset(
        {
            Permission.MANAGE_STAFF,
            Permission.RESET_FACTOR,
            Permission.KEEP_LOG,
            Permission.VERIFY,
        }
    ),
}
"""What each role may do."""

GIVEN_UP: Final = frozenset({Permission.MANAGE_STAFF, Permission.RESET_FACTOR, Permission.KEEP_LOG})
"""What an admin may do only as long as a community has no security admin: accounts, logins and the key of the log."""

INCOMPATIBLE: Final[dict[frozenset[Role], str]] = {
    frozenset({Role.AUDITOR, Role.ADMIN}): "whoever checks the accounts does not make them",
    frozenset({Role.AUDITOR, Role.COORDINATOR}): "whoever checks the records does not make them",
    frozenset({Role.AUDITOR, Role.CLERK}): "whoever checks the goods does not hand them out",
    frozenset({Role.ADMIN, Role.COORDINATOR}): "whoever makes accounts could be both of four eyes",
    frozenset({Role.ADMIN, Role.CLERK}): "whoever sets prices and accounts hands nothing out",
    frozenset({Role.COORDINATOR, Role.CLERK}): "whoever gives points away has no goods to hand out",
    frozenset({Role.SECURITY_ADMIN, Role.ADMIN}): "whoever sets rules and prices opens no accounts",
    frozenset({Role.SECURITY_ADMIN, Role.COORDINATOR}): "whoever opens accounts could be both of four eyes",
    frozenset({Role.SECURITY_ADMIN, Role.CLERK}): "whoever opens accounts hands nothing out",
    frozenset({Role.SECURITY_ADMIN, Role.AUDITOR}): "whoever keeps the key of the log is checked by somebody else",
}
"""Pairs of roles that one person never has, each with its reason."""

SYSTEM: Final = "system"
"""Number of the actor when no person acts: the first step of a community, and the work of the night."""

SYSTEM_PERMISSIONS: Final = frozenset({Permission.PUBLISH_RULES, Permission.KEEP_LOG, Permission.VERIFY})


def find_conflict(roles: Iterable[Role]) -> tuple[Role, Role] | None:
    """Return two of the roles that one person must not have together, or None."""
    held = frozenset(roles)
    conflicts = (pair for pair in INCOMPATIBLE if pair <= held)
    found = next(conflicts, None)
    if found is None:
        return None
    first, second = sorted(found)
    return first, second
