"""Access: who is at the page, and who may open which. Every route declares its audience; a meta test reads them.

Signed in is a row in the database (`people`), named by the secret in the signed cookie; it ends when the row ends. The
operations check the right again: this is the door, not the lock.

Whoever has a second factor, or must have one by the settings, and has not given it yet is a stranger to every page but
those of the second step.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import wraps
from typing import Final, NoReturn, ParamSpec, TypeVar
from uuid import UUID

from flask import Flask, abort, current_app, flash, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_login import LoginManager, UserMixin, current_user
from werkzeug.wrappers import Response

from timebank import chance, clock
from timebank.books import trail
from timebank.books.acts import Act
from timebank.books.requests import Secret
from timebank.database import Busy, db, writing
from timebank.people import queries as people
from timebank.people.operations.second_factor import STEP_UP_FOR
from timebank.people.operations.signing_in import note_seen
from timebank.people.queries.sessions import SEEN_EVERY
from timebank.people.roles import Role
from timebank.web.addresses import page_before

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class Audience(StrEnum):
    """For whom a page is; a route may name several."""

    PUBLIC = "public"
    SECOND_STEP = "second-step"
    SIGNED_IN = "signed-in"
    VOLUNTEER = "volunteer"
    ADMIN = "admin"
    COORDINATOR = "coordinator"
    CLERK = "clerk"
    AUDITOR = "auditor"
    SECURITY = "security"


ROLE_AUDIENCE: Final = {
    Role.ADMIN: Audience.ADMIN,
    Role.COORDINATOR: Audience.COORDINATOR,
    Role.CLERK: Audience.CLERK,
    Role.AUDITOR: Audience.AUDITOR,
    Role.SECURITY_ADMIN: Audience.SECURITY,
}
HOME: Final = (
    (Audience.COORDINATOR, "coordinator.home"),
    (Audience.CLERK, "till.home"),
    (Audience.ADMIN, "admin.home"),
    (Audience.AUDITOR, "auditor.home"),
    (Audience.SECURITY, "admin.staff"),
    (Audience.VOLUNTEER, "volunteer.home"),
)
"""Where each audience begins, the busiest first."""

AUDIENCES: Final = "audiences"
"""The attribute in which a view keeps for whom it is."""


@dataclass(frozen=True)
class Visitor(UserMixin):
    """Who is signed in.

    Attributes:
        person_id: the person; one person however many roles.
        staff_number, volunteer_number: their numbers, None where they are not.
        session_secret: what the cookie names the session row with; last_seen_at: exact to five minutes.
        has_second: they have a second factor; needs_second: they have one, or must have one.
        second_at: when it was given in this session, None if it was not.
    """

    community_id: str
    person_id: UUID
    name: str
    staff_number: str | None
    volunteer_number: str | None
    audiences: frozenset[Audience]
    session_secret: str
    last_seen_at: datetime
    has_second: bool
    needs_second: bool
    second_at: datetime | None

    @property
    def is_half_way(self) -> bool:
        """Whether the second step is still to be taken."""
        return self.needs_second and self.second_at is None

    def get_id(self) -> str:
        """Return what the cookie keeps."""
        return f"{self.community_id}.{self.session_secret}"

    @property
    def home(self) -> str:
        """The endpoint where this visitor begins."""
        return next((endpoint for audience, endpoint in HOME if audience in self.audiences), "public.home")


def audience(*wanted: Audience) -> Callable[[Callable[Arguments, Result]], Callable[Arguments, Result | Response]]:
    """Declare for whom a route is; somebody else is sent to sign in, or told that the page is not theirs."""

    def wrap(view: Callable[Arguments, Result]) -> Callable[Arguments, Result | Response]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result | Response:
            refusal = _turned_away(frozenset(wanted))
            return view(*args, **kwargs) if refusal is None else refusal

        setattr(guarded, AUDIENCES, frozenset(wanted))
        return guarded

    return wrap


def _turned_away(wanted: frozenset[Audience]) -> Response | None:
    if Audience.PUBLIC in wanted:
        return None
    if not current_user.is_authenticated:
        return _to_the_second_step(wanted) if visitor_here() else _to_the_door()
    if wanted.isdisjoint({Audience.SIGNED_IN, Audience.SECOND_STEP}) and not wanted & current_user.audiences:
        _refuse_at_the_door()
    return None


def _to_the_second_step(wanted: frozenset[Audience]) -> Response | None:
    """Send whoever has given their password only to the second step; a program that asks for no page is told so."""
    if Audience.SECOND_STEP in wanted:
        return None
    if asks_for_json():
        abort(401)
    return redirect(url_for("second.ask", next=request.full_path.rstrip("?") if request.method == "GET" else None))


def sharp(view: Callable[Arguments, Result]) -> Callable[Arguments, Result | Response]:
    """Ask for the second factor again before what is sharp: roles, logins, other people's factors.

    It stands under `audience`. Whoever has no second factor and needs none is let through.
    """

    @wraps(view)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result | Response:
        if not is_stale(current_user):
            return view(*args, **kwargs)
        flash(_("这件事要先再验证一次。刚才的没有办，验证后请再办一次。"), "bad")
        return redirect(url_for("second.ask", next=page_before()))

    return guarded


def is_stale(visitor: Visitor) -> bool:
    """Tell whether a visitor's second factor was given too long ago for what is sharp."""
    fresh = visitor.second_at is not None and clock.now() - visitor.second_at <= STEP_UP_FOR
    return visitor.needs_second and not fresh


def _to_the_door() -> Response:
    """Send a stranger to sign in; a program that asks for no page is told so."""
    if asks_for_json():
        abort(401)
    if request.method not in {"GET", "HEAD"}:
        flash(_("为了安全请重新登录。刚才填的没有保存，登录后请再填一次。"), "bad")
        return redirect(url_for("session.sign_in", next=page_before()))
    return redirect(url_for("session.sign_in", next=request.full_path.rstrip("?")))


def asks_for_json() -> bool:
    """Tell whether a script of ours asks, which reads no pages."""
    return request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"


def _refuse_at_the_door() -> NoReturn:
    """Turn somebody away and note it: whoever tries doors leaves a trace, whatever the method."""
    with writing() as writer:
        trail.note(writer, fresh_act(), "web.door", subject=request.endpoint, outcome="refused")
    abort(403)


def community_id() -> str:
    """Return the community of this page: the visitor's own, the one chosen, or the only one there is."""
    if current_user.is_authenticated:
        return str(current_user.community_id)
    if "community_id" not in g:
        g.community_id = _chosen_community()
    return str(g.community_id)


def _chosen_community() -> str:
    known = [community.id for community in people.communities(db.session())]
    chosen = request.args.get("community") or session.get("community")
    if chosen in known:
        session["community"] = chosen
        return str(chosen)
    if len(known) != 1 and request.endpoint != "public.communities":
        abort(redirect(url_for("public.communities")))
    return known[0] if known else ""


def act(request_key: str) -> Act:
    """Make the act of the visitor's request: who, where, now, under the form's key.

    The key comes through a form, which has looked at its shape.
    """
    return act_of(current_user, request_key)


def act_of(visitor: Visitor, request_key: str) -> Act:
    """Make the act of somebody, who may still be half way in."""
    return Act(
        community_id=visitor.community_id,
        person_id=visitor.person_id,
        number=visitor.staff_number or visitor.volunteer_number or "",
        at=clock.now(),
        request_key=request_key,
        channel="web",
        salt=chance.fresh_salt(),
    )


def fresh_act() -> Act:
    """Make an act with a key of its own, for what is noted without having been asked for by a form."""
    return act(chance.fresh_key())


def stranger_act(community: str) -> Act:
    """Make the act of somebody who is not signed in (a sign-in, an objection)."""
    return Act(
        community_id=community,
        person_id=UUID(int=0),
        number="nobody",
        at=clock.now(),
        request_key=chance.fresh_key(),
        channel="web",
        salt=chance.fresh_salt(),
    )


def register(app: Flask) -> None:
    """Let flask-login find the visitor of each request."""
    manager = LoginManager(app)
    manager.session_protection = None
    manager.user_loader(find_visitor)
    app.after_request(_note_seen)


def _note_seen(response: Response) -> Response:
    """Keep a session that is used from growing old; written at most once in five minutes, never by the page itself."""
    visitor, now = g.get("_login_user"), clock.now()
    if isinstance(visitor, Visitor) and now - visitor.last_seen_at >= SEEN_EVERY:
        # A database that is busy now will be told by the next page.
        with suppress(Busy), writing() as writer:
            note_seen(writer, visitor.community_id, session_secret=Secret(visitor.session_secret), at=now)
    return response


def find_visitor(cookie: str) -> Visitor | None:
    """Return who is signed in under a cookie's words, or None where that session has ended or is still half way in."""
    found = visitor_of(cookie)
    if found is not None and found.is_half_way:
        g.half_way = found
        return None
    return found


def visitor_here() -> Visitor | None:
    """Return who is at the page, signed in or half way in; None is a stranger."""
    if current_user.is_authenticated:
        found: Visitor = current_user
        return found
    half_way: Visitor | None = g.get("half_way")
    return half_way


def here() -> Visitor:
    """Return who is at the page, signed in or half way in; a stranger is told to sign in."""
    found = visitor_here()
    if found is None:
        abort(401)
    return found


def visitor_of(cookie: str) -> Visitor | None:
    """Return whose session a cookie names, half way in or not; None where it has ended."""
    community, _, secret = cookie.partition(".")
    found = people.find_session(db.session(), community, secret=secret, at=clock.now())
    if found is None:
        return None
    audiences = {ROLE_AUDIENCE[role] for role in found.roles}
    if found.volunteer_number is not None:
        audiences.add(Audience.VOLUNTEER)
    must_have = current_app.config["SETTINGS"].second_factor
    return Visitor(
        community_id=community,
        person_id=found.person_id,
        name=found.name,
        staff_number=found.staff_number,
        volunteer_number=found.volunteer_number,
        audiences=frozenset(audiences),
        session_secret=secret,
        last_seen_at=found.last_seen_at,
        has_second=found.has_second,
        needs_second=found.has_second or any(role.value in must_have for role in found.roles),
        second_at=found.second_at,
    )
