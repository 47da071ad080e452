"""What the desk does only with two persons: one asks, another one does it."""

from enum import StrEnum


class Case(StrEnum):
    """What is asked for about how somebody comes in."""

    FIRST_FACTOR = "password"
    SECOND_FACTOR = "second_factor"
    SECURITY_ADMIN = "security_admin"
