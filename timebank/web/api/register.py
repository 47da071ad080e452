"""The API as a whole: its families, and the description that programs read (OpenAPI 3.1)."""

import re
from collections.abc import Mapping
from typing import Any, Final

from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api
from flask_wtf.csrf import CSRFProtect
from marshmallow import Schema

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
    vouchers,
    waiting,
    webhooks,
)
from timebank.web.api.callers import METER, tell_what_is_left
from timebank.web.api.examples import example_of
from timebank.web.api.family import BLUEPRINTS, KEY_PARAMETER, MADE_AT, PREFIX, TAG_PARAMETER
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
        vouchers,
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
    app.extensions[DESCRIPTION] = _whole(api.spec.to_dict(), _shapes(api))


def _whole(described: dict[str, Any], shapes: Mapping[str, Schema]) -> dict[str, Any]:
    """Add what stands in every request and no view reads, an example of every shape, and where an answer leads.

    What no view reads is the key of whatever is posted, and the tag of what is changed.
    """
    for name, shape in shapes.items():
        described["components"]["schemas"][name]["examples"] = [example_of(shape)]
    shown = {path: methods["get"]["operationId"] for path, methods in described["paths"].items() if "get" in methods}
    for tag in described["tags"]:
        tag["name"] = tag["name"].removeprefix(BLUEPRINTS)
    for path in described["paths"].values():
        for method in path.keys() & {"get", "post", "patch"}:
            path[method]["responses"].pop("default")
            path[method]["tags"] = [tag.removeprefix(BLUEPRINTS) for tag in path[method]["tags"]]
        if "get" in path:
            _lead_to_the_next_page(path["get"])
        if "post" in path:
            path["post"].setdefault("parameters", []).append(KEY_PARAMETER)
            _lead_to_what_was_made(path["post"], shown)
        if "patch" in path:
            path["patch"].setdefault("parameters", []).append(TAG_PARAMETER)
    return described


def _shapes(api: Api) -> dict[str, Schema]:
    """Return the shapes of the description by name."""
    (plugin,) = (each for each in api.spec.plugins if isinstance(each, MarshmallowPlugin))
    assert plugin.converter is not None
    return {name: key[0]() for key, name in plugin.converter.refs.items()}


def _lead_to_what_was_made(described: dict[str, Any], shown: Mapping[str, str]) -> None:
    """Say of what was made where it is shown (a link of OpenAPI), as the header `Location` says."""
    at = described.pop(MADE_AT, "")
    if at:
        (name,) = re.findall(r"{([a-z_]+)}", at)
        (part, operation) = next(
            (path.rsplit("{")[1].rstrip("}"), operation)
            for path, operation in shown.items()
            if path.startswith(PREFIX + at.partition("{")[0] + "{") and path.endswith("}")
        )
        link = {"operationId": operation, "parameters": {part: f"$response.body#/{name}"}}
        described["responses"]["201"]["links"] = {"made": link}


def _lead_to_the_next_page(described: dict[str, Any]) -> None:
    """Say of a list how it goes on, as the header `Link` says."""
    if any(each["name"] == "cursor" for each in described.get("parameters", [])):
        link = {"operationId": described["operationId"], "parameters": {"cursor": "$response.body#/next_cursor"}}
        described["responses"]["200"]["links"] = {"next": link}
