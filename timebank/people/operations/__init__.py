"""Everything that can be done in the people room, under one name.

Each verb lies in the file of its kind: `opening`, `organising`, `registering`, `grouping`, `correcting`, `cards`,
`staffing`, `granting`, `logins`, `signing_in`, `second_factor`, `documents`, `unregistering`; and with two persons
(`desk_requests`): `factor_resets`, `recovering`, `security_admins`.
"""

from timebank.people.newcomers import NewGuardian, NewVolunteer
from timebank.people.operations.cards import issue_card, revoke_card
from timebank.people.operations.correcting import correct_person, declare_relatives, details
from timebank.people.operations.documents import unmask_document
from timebank.people.operations.granting import grant_role, revoke_role
from timebank.people.operations.grouping import NewGroup, register_group
from timebank.people.operations.logins import issue_one_time_login, set_password
from timebank.people.operations.opening import FIRST_ADMIN_ID, NewCommunity, open_community
from timebank.people.operations.organising import Place, add_partner, ensure_org_units
from timebank.people.operations.registering import register_volunteers, registration_refusals
from timebank.people.operations.signing_in import note_seen, open_demo_session, sign_in, sign_out, use_one_time_login
from timebank.people.operations.staffing import (
    NewStaff,
    add_staff,
    disable_staff,
    enable_staff,
)
from timebank.people.operations.unregistering import unregister_volunteers

__all__ = [
    "FIRST_ADMIN_ID",
    "NewCommunity",
    "NewGroup",
    "NewGuardian",
    "NewStaff",
    "NewVolunteer",
    "Place",
    "add_partner",
    "add_staff",
    "correct_person",
    "declare_relatives",
    "details",
    "disable_staff",
    "enable_staff",
    "ensure_org_units",
    "grant_role",
    "issue_card",
    "issue_one_time_login",
    "note_seen",
    "open_community",
    "open_demo_session",
    "register_group",
    "register_volunteers",
    "registration_refusals",
    "revoke_card",
    "revoke_role",
    "set_password",
    "sign_in",
    "sign_out",
    "unmask_document",
    "unregister_volunteers",
    "use_one_time_login",
]
