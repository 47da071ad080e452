"""The application: settings → database → sign-in → pages → refusals."""

import base64
from datetime import timedelta
from typing import Final

from flask import Flask, Response, request
from flask_talisman import Talisman
from flask_wtf.csrf import CSRFProtect
from jinja2 import StrictUndefined

from timebank import resources, schema
from timebank.config import Settings
from timebank.database import db
from timebank.web import access, addresses, frame, origins, pages, refusals, sights
from timebank.web.api import register as api
from timebank.web.put_aside import Incoming

BODY_BYTES_MAX: Final = 12 * 1024 * 1024
COOKIE_DAYS: Final = 90
"""How long a browser keeps its cookie at most; the row in the database decides how long somebody stays signed in."""

CONTENT_SECURITY: Final = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "form-action": "'self'",
}


def create_app(settings: Settings) -> Flask:
    """Make the application over a database that is ours and whole.

    Raises:
        KeysMissing, SettingWrong: the keys are not there.
        SchemaMissing, SchemaOlder, SchemaNewer, SchemaDamaged: the database cannot be trusted.
    """
    app = bare_app(settings)
    with app.app_context():
        schema.check(db.engine)
    _protect(app, settings)
    origins.register(app)
    CSRFProtect(app)
    addresses.register(app)
    access.register(app)
    frame.register(app)
    sights.register(app)
    refusals.register(app)
    pages.register(app)
    api.register(app)
    return app


def bare_app(settings: Settings) -> Flask:
    """Make the application with its database and nothing to be seen; the command line works in it."""
    app = Flask(
        __name__,
        template_folder=str(resources.templates_folder()),
        static_folder=str(resources.static_folder()),
    )
    app.config.update(
        SETTINGS=settings,
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        MAX_CONTENT_LENGTH=BODY_BYTES_MAX,
        MAX_FORM_PARTS=5000,
        PERMANENT_SESSION_LIFETIME=timedelta(days=COOKIE_DAYS),
        SESSION_REFRESH_EACH_REQUEST=False,
    )
    app.jinja_env.undefined = StrictUndefined
    app.request_class = Incoming
    db.init_app(app)
    return app


def _protect(app: Flask, settings: Settings) -> None:
    app.secret_key = base64.b64encode(settings.keys().session)
    app.config.update(
        SESSION_COOKIE_NAME="__Host-timebank" if settings.https else "timebank",
        SESSION_COOKIE_SECURE=settings.https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        TRUSTED_HOSTS=list(settings.hosts),
        WTF_CSRF_TIME_LIMIT=None,
    )
    Talisman(
        app,
        content_security_policy=CONTENT_SECURITY,
        frame_options="DENY",
        force_https=False,
        strict_transport_security=settings.https,
        session_cookie_secure=settings.https,
        session_cookie_samesite="Lax",
        referrer_policy="same-origin",
        permissions_policy={"camera": "(self)", "geolocation": "()", "microphone": "()"},
    )
    app.after_request(_say_who_may_keep)
    app.after_request(_stay_alone)


def _say_who_may_keep(response: Response) -> Response:
    """Every page is somebody's own, if only for its token: no browser and no proxy keeps it."""
    if request.endpoint == "static":
        response.headers["Cache-Control"] = "public, max-age=3600"
    elif "Cache-Control" not in response.headers:
        response.headers["Cache-Control"] = "no-store"
    return response


def _stay_alone(response: Response) -> Response:
    """No other site gets hold of a window of ours, and none may embed what is shown here."""
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    response.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    return response
