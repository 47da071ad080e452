"""What the people room stores. This folder is one `tables.py` that outgrew its file; import from here."""

from timebank.people.tables.codes import PhoneCodeUseRow, StaffBadgeRow
from timebank.people.tables.desk import DeskRequestRow
from timebank.people.tables.factors import PasskeyRow, RecoveryCodeRow, TotpFactorRow
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
from timebank.people.tables.privacy import ConsentRow, DataRequestRow, DataRequestWordsRow
from timebank.people.tables.sights import SightRow
from timebank.people.tables.training import TrainingRow

__all__ = [
    "COMMUNITY",
    "NAME",
    "NUMBER",
    "CommunityRow",
    "ConsentRow",
    "CredentialRow",
    "DataRequestRow",
    "DataRequestWordsRow",
    "DeskRequestRow",
    "FamilyHelperRow",
    "GuardianRow",
    "LoginSessionRow",
    "MemberCardRow",
    "OneTimeLoginRow",
    "OrgUnitRow",
    "PartnerRow",
    "PasskeyRow",
    "PersonDocumentRow",
    "PersonRow",
    "PhoneCodeUseRow",
    "RecoveryCodeRow",
    "RelativeRow",
    "RoleGrantRow",
    "SightRow",
    "SignInAttemptRow",
    "StaffBadgeRow",
    "StaffRow",
    "TotpFactorRow",
    "TrainingRow",
    "VolunteerRow",
]
