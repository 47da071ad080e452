"""Pages of the people: whoever is registered, found by name or number; one person; a card, a link to sign in.

A page shows what tells people apart and masks the rest. A document's full number is shown once, to whoever says what
for, and that is noted.
"""

from dataclasses import replace
from typing import Any, ClassVar, Final

from flask import Blueprint, current_app, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from flask_login import current_user
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books.requests import Secret
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import queries as market
from timebank.people import operations
from timebank.people import queries as people
from timebank.people.consents import CURRENT, Consent
from timebank.people.identity import DocumentKind
from timebank.people.operations import NewGuardian, NewVolunteer
from timebank.people.operations.documents import NoDocument, masked_document
from timebank.people.vault import Document, IdentityVault
from timebank.service import queries as service
from timebank.stars import queries as stars
from timebank.web import sights
from timebank.web.access import Audience, act, audience, sharp
from timebank.web.admin import one_time_link
from timebank.web.forms import Choice, Day, Filter, Form, Id, Text, at_most
from timebank.web.shown_again import NOT_TRIED, Attempt, attempt
from timebank.web.words import Sex

blueprint = Blueprint("persons", __name__, url_prefix="/people")

PEOPLE_ON_A_PAGE: Final = 50
RECORDS_ON_A_PAGE: Final = 20


class PeopleFilter(Filter):
    """Whom to look for."""

    labels: ClassVar = {"q": lazy_gettext("找人")}

    q = Text(load_default="", validate=at_most(60))


class RecordsFilter(Filter):
    """Which page of somebody's records: what was served before this one."""

    before = Id(load_default=None)


class VolunteerForm(Form):
    """A person to be registered; a minor needs a guardian."""

    labels: ClassVar = {
        "name": lazy_gettext("姓名"),
        "phone": lazy_gettext("手机号"),
        "sex": lazy_gettext("性别"),
        "born_on": lazy_gettext("出生日期"),
        "document_kind": lazy_gettext("证件类型"),
        "document_number": lazy_gettext("证件号码"),
        "area": lazy_gettext("片区"),
        "building": lazy_gettext("楼栋"),
        "household": lazy_gettext("门牌"),
        "guardian": lazy_gettext("监护人姓名"),
        "guardian_phone": lazy_gettext("监护人手机号"),
        "skills": lazy_gettext("特长"),
    }

    name = Text(required=True, validate=at_most(60))
    phone = Text(load_default=None, validate=at_most(20))
    sex = Choice(Sex, load_default=None)
    born_on = Day(load_default=None)
    document_kind = Choice(DocumentKind, load_default=DocumentKind.RESIDENT_ID)
    document_number = Text(load_default=None, validate=at_most(40))
    area = Text(load_default="", validate=at_most(60))
    building = Text(load_default="", validate=at_most(60))
    household = Text(load_default=None, validate=at_most(60))
    guardian = Text(load_default=None, validate=at_most(60))
    guardian_phone = Text(load_default=None, validate=at_most(20))
    skills = Text(load_default="", validate=at_most(200))


class BirthDateForm(Form):
    """When somebody was born, as a document says."""

    labels: ClassVar = {"born_on": lazy_gettext("出生日期")}

    born_on = Day(required=True)


class UnmaskForm(Form):
    """What somebody wants to see a full number for."""

    labels: ClassVar = {"purpose": lazy_gettext("用途")}

    purpose = Text(required=True, validate=at_most(200, at_least=2))


@blueprint.get("")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def everybody() -> str:
    """Show the people whom a search finds; without one, the first page of all."""
    wanted = PeopleFilter().load(request.args)
    community = current_user.community_id
    if wanted["q"]:
        found = people.search_volunteers(db.session(), community, wanted["q"], limit=PEOPLE_ON_A_PAGE)
    else:
        found = people.all_volunteers(db.session(), community)[:PEOPLE_ON_A_PAGE]
    sights.counted(len(found))
    return render_template(
        "people/everybody.html", found=found, q=wanted["q"], total=people.volunteer_count(db.session(), community)
    )


@blueprint.get("/new")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def new_volunteer() -> str:
    """Show the form."""
    return _volunteer_form(NOT_TRIED)


def _volunteer_form(tried: Attempt[Any]) -> str:
    return render_template(
        "people/new_volunteer.html",
        documents=list(DocumentKind),
        **tried.form(),
    )


@blueprint.post("/new")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def register_volunteer() -> Response | tuple[str, int]:
    """Register one person."""

    def register(session: Session) -> dict[str, Any]:
        typed = VolunteerForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.register_volunteers(session, doing, people=(_newcomer(typed),))

    tried = attempt(register)
    if not tried.done:
        return _volunteer_form(tried), tried.status
    number = tried.answer["people"][0]["number"]
    flash(_("已登记，编号 %(number)s。", number=number), "good")
    return redirect(url_for("persons.person", number=number))


def _newcomer(typed: dict[str, Any]) -> NewVolunteer:
    guardian = NewGuardian(name=typed["guardian"], phone=typed["guardian_phone"]) if typed["guardian"] else None
    return NewVolunteer(
        name=typed["name"],
        phone=typed["phone"],
        sex=typed["sex"] and typed["sex"].value,
        born_on=typed["born_on"],
        area=typed["area"],
        building=typed["building"],
        household=typed["household"],
        document=_sealed(typed["document_kind"], typed["document_number"]),
        guardian=guardian,
        skills=typed["skills"],
    )


def vault() -> IdentityVault:
    """Open the vault of document numbers with the installation's keys."""
    keys = current_app.config["SETTINGS"].keys()
    return IdentityVault(encryption_key=keys.encryption, lookup_key=keys.lookup)


def _sealed(kind: DocumentKind, number: str | None) -> Document | None:
    return vault().document(current_user.community_id, kind, number) if number else None


@blueprint.get("/<number>")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def person(number: str) -> str:
    """Show one person: who they are, their card, and to coordinators what they have done."""
    return person_page(number, NOT_TRIED)


def person_page(number: str, tried: Attempt[Any], **shown_once: str) -> str:
    """Draw the page of a person, with what was wrong in a form that was sent from it."""
    community = current_user.community_id
    found = people.volunteer(db.session(), community, number)
    return render_template(
        "people/person.html",
        person=found,
        document=find_masked(number),
        has_password=people.has_password(db.session(), community, found.person_id),
        card=people.find_card(db.session(), community, number),
        served=_service_of(number) if Audience.COORDINATOR in current_user.audiences else None,
        shown_once={"link": "", "document_number": ""} | shown_once,
        consent_version=CURRENT[Consent.NOTICE],
        **tried.form(),
    )


def find_masked(number: str) -> str | None:
    """Return somebody's document number as a screen may show it, or None."""
    try:
        return masked_document(db.session(), current_user.community_id, number, vault()).masked
    except NoDocument:
        return None


def _service_of(number: str) -> dict[str, Any]:
    community, now, before = current_user.community_id, clock.now(), RecordsFilter().load(request.args)["before"]
    return {
        "progress": stars.progress(db.session(), community, number, day_of(now)),
        "passbook": market.passbook(db.session(), community, number, now),
        "page": service.records_of(db.session(), community, number, before=before, limit=RECORDS_ON_A_PAGE),
    }


@blueprint.post("/<number>/birth-date")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def note_birth_date(number: str) -> Response | tuple[str, int]:
    """Note when somebody was born, where nobody has; activities with an age limit ask for it."""

    def note(session: Session) -> str:
        typed = BirthDateForm().load(request.form)
        doing = act(typed["request_key"])
        person = replace(operations.details(session, doing.community_id, number), born_on=typed["born_on"])
        return operations.correct_person(session, doing, number=number, person=person)

    tried = attempt(note)
    if not tried.done:
        return person_page(number, tried), tried.status
    flash(_("已登记出生日期。"), "good")
    return redirect(url_for("persons.person", number=number))


@blueprint.post("/<number>/card")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def issue_card(number: str) -> Response | tuple[str, int]:
    """Give somebody a new card; an earlier one works no more."""

    def issue(session: Session) -> dict[str, str]:
        typed = Form().load(request.form)
        return operations.issue_card(session, act(typed["request_key"]), number=number)

    tried = attempt(issue)
    if not tried.done:
        return person_page(number, tried), tried.status
    flash(_("新卡已经办好，可以打印。旧卡从现在起不能用了。"), "good")
    return redirect(url_for("persons.card", number=number))


@blueprint.get("/<number>/card")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def card(number: str) -> str | Response:
    """Show the card in use, to be printed; without one, the person."""
    community = current_user.community_id
    owner = people.volunteer(db.session(), community, number)
    code = people.find_card(db.session(), community, number)
    if code is None:
        flash(_("还没有办卡。没有东西可以打印。"), "bad")
        return redirect(url_for("persons.person", number=number))
    return render_template("people/card.html", person=owner, code=code)


@blueprint.post("/<number>/card/revoke")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def revoke_card(number: str) -> Response | tuple[str, int]:
    """Let a lost card work no more."""

    def revoke(session: Session) -> None:
        typed = Form().load(request.form)
        operations.revoke_card(session, act(typed["request_key"]), number=number)

    tried = attempt(revoke)
    if not tried.done:
        return person_page(number, tried), tried.status
    flash(_("这张卡已经挂失，扫了也认不出人。积分还在。"), "good")
    return redirect(url_for("persons.person", number=number))


@blueprint.post("/<number>/login")
@audience(Audience.ADMIN, Audience.COORDINATOR)
@sharp
def new_login(number: str) -> str | tuple[str, int]:
    """Give somebody a one-time link, shown once; earlier ones work no more."""
    token = chance.fresh_secret()

    def issue(session: Session) -> dict[str, Any]:
        typed = Form().load(request.form)
        return operations.issue_one_time_login(
            session, act(typed["request_key"]), number=number, one_time_token=Secret(token)
        )

    tried = attempt(issue)
    if not tried.done:
        return person_page(number, tried), tried.status
    return person_page(number, tried, link=one_time_link(tried.answer, token))


@blueprint.post("/<number>/document")
@audience(Audience.ADMIN, Audience.COORDINATOR)
def unmask(number: str) -> str | tuple[str, int]:
    """Show a document's number in full, once, and note who saw it and what for."""

    def look(session: Session) -> str:
        typed = UnmaskForm().load(request.form)
        doing = act(typed["request_key"])
        return operations.unmask_document(session, doing, number=number, reason=typed["purpose"], vault=vault())

    tried = attempt(look)
    if not tried.done:
        return person_page(number, tried), tried.status
    return person_page(number, tried, document_number=tried.answer)
