"""What the people room stores. This folder is one `tables.py` that outgrew its file; import from here."""

from timebank.people.tables.codes import PhoneCodeUseRow, StaffBadgeRow
from timebank.people.tables.helping import FamilyHelperRow
from timebank.people.tables.persons import (
    COMMUNITY,
    NAME,
    NUMBER,
    CommunityRow,
    CredentialRow,
    GuardianRow,
    LoginSessionRow,
    MemberCardRow,
    OneTimeLoginRow,
    OrgUnitRow,
    PartnerRow,
    PersonDocumentRow,
    PersonRow,
    RelativeRow,
    RoleGrantRow,
    SignInAttemptRow,
    StaffRow,
    VolunteerRow,
)
from timebank.people.tables.training import TrainingRow

__all__ = [
    "COMMUNITY",
    "NAME",
    "NUMBER",
    "CommunityRow",
    "CredentialRow",
    "FamilyHelperRow",
    "GuardianRow",
    "LoginSessionRow",
    "MemberCardRow",
    "OneTimeLoginRow",
    "OrgUnitRow",
    "PartnerRow",
    "PersonDocumentRow",
    "PersonRow",
    "PhoneCodeUseRow",
    "RelativeRow",
    "RoleGrantRow",
    "SignInAttemptRow",
    "StaffBadgeRow",
    "StaffRow",
    "TrainingRow",
    "VolunteerRow",
]
