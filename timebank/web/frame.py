"""The frame around every page: navigation, text size, language, the community's name, the hidden fields of forms.

Text size and language are kept by the browser for a year, also when nobody is signed in.
"""

from dataclasses import dataclass
from typing import Final

from flask import Flask, current_app, g, request, session
from flask_babel import lazy_gettext as _
from flask_login import current_user
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from timebank import chance
from timebank.books.asking import ask_all
from timebank.books.log import alarm
from timebank.database import db
from timebank.people import queries as people
from timebank.web import presenting, texts
from timebank.web.access import Audience, community_id
from timebank.web.addresses import this_page
from timebank.web.english import Languages
from timebank.web.words import DEMO_WORDS, ROLE_WORDS

TEXT_SIZES: Final = ("standard", "large", "largest")
TEXT_COOKIE: Final = "text-size"
LANGUAGE_COOKIE: Final = "language"
LANGUAGES: Final = {"zh": "zh_Hans_CN", "en": "en"}
YEAR_SECONDS: Final = 365 * 24 * 3600

PLACES: Final = (
    (Audience.VOLUNTEER, "volunteer.home", _("我的存折")),
    (Audience.VOLUNTEER, "volunteer.passbook", _("流水")),
    (Audience.VOLUNTEER, "reservations.own", _("预约")),
    (Audience.VOLUNTEER, "vouchers.own", _("服务券")),
    (Audience.VOLUNTEER, "volunteer.star_page", _("星级")),
    (Audience.VOLUNTEER, "rules.today", _("规则")),
    (Audience.COORDINATOR, "coordinator.home", _("今天")),
    (Audience.COORDINATOR, "coordinator.activities", _("活动")),
    (Audience.COORDINATOR, "approvals.queue", _("审批")),
    (Audience.COORDINATOR, "awards.cases", _("星级评定")),
    (Audience.COORDINATOR, "certifying.desk", _("证书")),
    (Audience.COORDINATOR, "pool.grants", _("互助池")),
    (Audience.COORDINATOR, "relief.overview", _("救助发放")),
    (Audience.COORDINATOR, "vouchers.overview", _("服务券")),
    (Audience.COORDINATOR, "persons.everybody", _("人员")),
    (Audience.COORDINATOR, "importing.overview", _("导入")),
    (Audience.COORDINATOR, "stock.shelf", _("货架")),
    (Audience.COORDINATOR, "counting.counts", _("盘点")),
    (Audience.COORDINATOR, "rule_changes.proposals", _("规则")),
    (Audience.CLERK, "till.home", _("收银台")),
    (Audience.CLERK, "reservations.waiting", _("预约")),
    (Audience.CLERK, "relief.overview", _("救助发放")),
    (Audience.CLERK, "vouchers.overview", _("服务券")),
    (Audience.CLERK, "confirming.desk", _("代为确认")),
    (Audience.CLERK, "shifts.overview", _("班次")),
    (Audience.CLERK, "stock.shelf", _("货架")),
    (Audience.CLERK, "counting.counts", _("盘点")),
    (Audience.CLERK, "importing.overview", _("导入")),
    (Audience.AUDITOR, "auditor.home", _("核对")),
    (Audience.AUDITOR, "auditor.journal", _("流水账")),
    (Audience.AUDITOR, "auditor.accounts", _("科目余额")),
    (Audience.AUDITOR, "auditor.trail_page", _("谁做了什么")),
    (Audience.AUDITOR, "seen.everything", _("谁看了什么")),
    (Audience.AUDITOR, "nights.runs", _("自动事项")),
    (Audience.SECURITY, "admin.staff", _("工作人员")),
    (Audience.SECURITY, "desk_requests.waiting", _("两人办理")),
    (Audience.SECURITY, "tokens.own", _("接口令牌")),
    (Audience.ADMIN, "admin.home", _("设置")),
    (Audience.ADMIN, "persons.everybody", _("人员")),
    (Audience.ADMIN, "importing.overview", _("导入")),
    (Audience.ADMIN, "admin.staff", _("工作人员")),
    (Audience.ADMIN, "stock.shelf", _("货架")),
    (Audience.ADMIN, "rule_changes.proposals", _("规则")),
    (Audience.ADMIN, "nights.runs", _("自动事项")),
    (Audience.ADMIN, "tokens.own", _("接口令牌")),
    (Audience.ADMIN, "webhooks.overview", _("推送")),
)
"""The places of each audience, in the order in which they are shown."""


@dataclass(frozen=True, slots=True)
class Place:
    """One place of the navigation."""

    endpoint: str
    name: str
    is_here: bool


def places_for(visitor: object) -> tuple[Place, ...]:
    """Return the places that a visitor may go to; nobody in particular has none."""
    audiences: frozenset[Audience] = getattr(visitor, "audiences", frozenset())
    return tuple(
        Place(endpoint, str(name), request.endpoint == endpoint)
        for audience, endpoint, name in PLACES
        if audience in audiences
    )


def hidden_fields() -> Markup:
    """Write the fields that every form carries: the token of this visitor and a key for this request.

    Each form has a key of its own. One that was refused and is shown again gets a new one: what is asked the next time
    is something else.
    """
    return Markup(
        '<input type="hidden" name="csrf_token" value="{}"><input type="hidden" name="request_key" value="{}">'
    ).format(generate_csrf(), chance.fresh_key())


def text_size() -> str:
    """Return the text size that the visitor chose."""
    chosen = request.cookies.get(TEXT_COOKIE, "standard")
    return chosen if chosen in TEXT_SIZES else "standard"


def language() -> str:
    """Return the language of the page: the one chosen, else Chinese unless the browser asks for English first."""
    asked = request.cookies.get(LANGUAGE_COOKIE, "")
    chosen = asked if asked in LANGUAGES else request.accept_languages.best_match(["zh", "zh-CN", "en"], default="zh")
    return LANGUAGES["en" if chosen == "en" else "zh"]


@dataclass(frozen=True, slots=True)
class DemoRole:
    """Somebody of the demo as whom a visitor enters with one click. can: what there is to do."""

    login: str
    name: str
    role: str
    can: str


def demo_roles() -> list[DemoRole]:
    """Return as whom a visitor may enter; nobody but in the demo."""
    if not current_app.config["SETTINGS"].demo:
        return []
    spoken = 1 if presenting.in_english() else 0
    return [
        DemoRole(person.login, person.name, ROLE_WORDS[person.role][spoken], DEMO_WORDS[person.role][spoken])
        for person in people.demo_people(db.session(), community_id())
    ]


def _of_every_page() -> dict[str, object]:
    known = _community()
    size = text_size()
    return {
        "in_english": presenting.in_english(),
        "text_size": size,
        "next_text_size": TEXT_SIZES[(TEXT_SIZES.index(size) + 1) % len(TEXT_SIZES)],
        "demo": current_app.config["SETTINGS"].demo,
        "community_name": known.name if known else "",
        "station_phone": known.station_phone if known else "",
        "opening_hours": known.opening_hours if known else "",
        "demo_roles": demo_roles,
        "places_for": places_for,
        "hidden_fields": hidden_fields,
        "this_page": this_page,
        "told": texts.told,
        "current_user": current_user,
    }


def _community() -> people.Community | None:
    if "community" not in g:
        ids = {community.id: community for community in _communities()}
        own = community_id() if current_user.is_authenticated or len(ids) == 1 else session.get("community", "")
        g.community = ids.get(own)
    found: people.Community | None = g.community
    return found


def _communities() -> tuple[people.Community, ...]:
    """Ask for them; of a visitor who is signed in the standing alarm is asked in the same round trip."""
    if not current_user.is_authenticated:
        return people.communities(db.session())
    known, standing = people.communities_question(), alarm.findings_question(current_user.community_id)
    told = ask_all(db.session(), known, standing)
    g.findings = told[standing]
    return told[known]


def register(app: Flask) -> None:
    """Put the frame around every page of the application."""
    Languages(
        app,
        default_locale=LANGUAGES["zh"],
        default_timezone="Asia/Shanghai",
        locale_selector=language,
    )
    app.context_processor(_of_every_page)
    presenting.register(app)
