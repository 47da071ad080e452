"""The API as a whole: its families, and the description that programs read (OpenAPI 3.1)."""

from typing import Any, Final

from flask import Flask
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect

from timebank.tokens.rules import Scope
from timebank.web.api import (
    activities,
    books,
    certificates,
    counter,
    files,
    groups,
    moving,
    notices,
    noting,
    people,
    price_lists,
    relief,
    rule_versions,
    service,
    stars,
    stock,
    stock_counts,
    tokens,
    waiting,
    webhooks,
)
from timebank.web.api.callers import METER, tell_what_is_left
from timebank.web.api.family import BLUEPRINTS, KEY_PARAMETER, TAG_PARAMETER
from timebank.web.api.rate import PER_MINUTE, Meter
from timebank.web.api.shapes import PROBLEM
from timebank.web.words import SCOPE_WORDS

FAMILIES: Final = tuple(
    module.family
    for module in (
        people,
        groups,
        service,
        activities,
        stars,
        notices,
        certificates,
        rule_versions,
        stock,
        counter,
        waiting,
        moving,
        price_lists,
        stock_counts,
        noting,
        relief,
        books,
        files,
        tokens,
        webhooks,
    )
)
DESCRIPTION: Final = "timebank openapi"
"""Under which name the application keeps the description of its API."""
ABOUT: Final = """
The same operations as the pages, under the same rules: nothing can be done here that a rule forbids there.

Quantities are whole numbers with their unit in the name: minutes, hundredths of a point (`…_e2`), fen. Moments carry
their offset (RFC 3339). Every `POST` carries an `Idempotency-Key`; the same key gives the same answer for ever. With
`?dry_run=true` all of it is done and undone again. Lists are read with `limit` and `cursor`, as JSON or `text/csv`.
""".strip()


class Described(Api):
    """The API whose problems are answered where all refusals are, and whose description is a route of ours."""

    ERROR_SCHEMA = PROBLEM

    def _register_error_handlers(self) -> None:
        """Leave the errors to `web/refusals.py`."""

    def _register_doc_blueprint(self) -> None:
        """Leave the description to `web/reference.py`."""


def register(app: Flask) -> None:
    """Give the application its API, and keep its description.

    A token proves who calls and no browser sends one by itself, so there is no form's token to be asked for.
    """
    app.config.update(API_TITLE="爱心存折 timebank", API_VERSION="v1", OPENAPI_VERSION="3.1.0")
    api = Described(app, spec_kwargs={"info": {"description": ABOUT}})
    scopes = "; ".join(f"`{scope.value}` {SCOPE_WORDS[scope][1]}" for scope in Scope)
    api.spec.components.security_scheme(
        "bearer", {"type": "http", "scheme": "bearer", "description": f"A token with scopes: {scopes}."}
    )
    for family in FAMILIES:
        protection: CSRFProtect = app.extensions["csrf"]
        protection.exempt(family)
        api.register_blueprint(family)
    app.extensions[METER] = Meter(PER_MINUTE)
    app.after_request(tell_what_is_left)
    app.extensions[DESCRIPTION] = _whole(api.spec.to_dict())


def _whole(described: dict[str, Any]) -> dict[str, Any]:
    """Add what stands in every request and no view reads: the key of whatever is posted."""
    for tag in described["tags"]:
        tag["name"] = tag["name"].removeprefix(BLUEPRINTS)
    for path in described["paths"].values():
        for method in path.keys() & {"get", "post", "patch"}:
            path[method]["responses"].pop("default")
            path[method]["tags"] = [tag.removeprefix(BLUEPRINTS) for tag in path[method]["tags"]]
        if "post" in path:
            path["post"].setdefault("parameters", []).append(KEY_PARAMETER)
        if "patch" in path:
            path["patch"].setdefault("parameters", []).append(TAG_PARAMETER)
    return described
