"""Roles and permissions: the two tables that an auditor reads."""

from itertools import combinations

import pytest

from timebank.people.roles import (
    GIVEN_UP,
    INCOMPATIBLE,
    PERMISSIONS,
    SYSTEM_PERMISSIONS,
    Permission,
    Role,
    find_conflict,
)

MOVES_SOMETHING = {
    Permission.RECORD_HOURS,
    Permission.APPROVE_HOURS,
    Permission.GRANT_STAR,
    Permission.REDEEM,
    Permission.UNDO_LATE,
    Permission.RECEIVE_GOODS,
    Permission.CHECK_IN_GOODS,
    Permission.CONFIRM_IMPORT,
}
"""What ends in an entry that moves minutes, points or goods."""


class TestPermissions:
    """trust.md section 1, separation of duties: who may do what."""

    def test_every_role_has_its_row(self):
        assert set(Role) == PERMISSIONS.keys()

    def test_every_permission_belongs_to_somebody(self):
        assert set(Permission) == frozenset().union(*PERMISSIONS.values())

    def test_an_admin_moves_nothing_in_the_books(self):
        assert set() == PERMISSIONS[Role.ADMIN] & MOVES_SOMETHING

    def test_an_auditor_reads_and_verifies_and_writes_nothing(self):
        expected = {
            Permission.READ_PEOPLE,
            Permission.READ_PASSBOOKS,
            Permission.READ_BOOKS,
            Permission.VERIFY,
            Permission.EXPORT,
        }

        assert expected == PERMISSIONS[Role.AUDITOR]

    def test_a_coordinator_hands_nothing_out(self):
        assert Permission.REDEEM not in PERMISSIONS[Role.COORDINATOR]

    def test_a_coordinator_approves_what_another_recorded(self):
        assert {Permission.RECORD_HOURS, Permission.APPROVE_HOURS} <= PERMISSIONS[Role.COORDINATOR]

    @pytest.mark.parametrize(
        "permission", [Permission.RECORD_HOURS, Permission.APPROVE_HOURS, Permission.SET_PRICES, Permission.GRANT_STAR]
    )
    def test_a_clerk_gives_no_points_and_sets_no_price(self, permission):
        assert permission not in PERMISSIONS[Role.CLERK]

    @pytest.mark.parametrize("permission", [Permission.PUBLISH_RULES, Permission.CLOSE_PERIOD])
    def test_only_an_admin_makes_rules_and_closes_periods(self, permission):
        assert [Role.ADMIN] == [role for role, allowed in PERMISSIONS.items() if permission in allowed]

    def test_a_full_document_number_is_not_for_clerks_and_auditors(self):
        allowed = {role for role, permissions in PERMISSIONS.items() if Permission.UNMASK_DOCUMENT in permissions}

        assert {Role.ADMIN, Role.COORDINATOR} == allowed

    def test_a_security_admin_has_what_admins_give_up_and_checks_the_log(self):
        assert GIVEN_UP | {Permission.VERIFY} == PERMISSIONS[Role.SECURITY_ADMIN]
        assert GIVEN_UP <= PERMISSIONS[Role.ADMIN]

    def test_the_system_moves_nothing_in_the_books(self):
        assert set() == SYSTEM_PERMISSIONS & MOVES_SOMETHING


class TestIncompatibleRoles:
    """trust.md section 1 and Z10: recording, custody, prices and checking never meet in one person."""

    @pytest.mark.parametrize("pair", [*combinations(Role, 2)])
    def test_no_two_roles_meet_in_one_person(self, pair):
        assert tuple(sorted(pair)) == find_conflict(pair)

    @pytest.mark.parametrize("role", [*Role])
    def test_one_role_alone_is_no_conflict(self, role):
        assert find_conflict([role, role]) is None

    def test_every_pair_has_its_reason(self):
        assert all(INCOMPATIBLE.values())
