"""What a programmer reads: the reference of the API, its description for programs, and a page for each problem.

The reference is drawn from the description itself, here and without a script, so it cannot say anything else.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request

from timebank.web import presenting
from timebank.web.access import Audience, audience
from timebank.web.api.problems import OF_HTTP
from timebank.web.api.register import DESCRIPTION
from timebank.web.texts import SENTENCES

blueprint = Blueprint("reference", __name__)

A_MOMENT: Final = "public, max-age=300"
REFERENCE: Final = "#/components/schemas/"


@dataclass(frozen=True, slots=True)
class Route:
    """One thing that can be asked of the API. reads, answers: names of shapes, empty where there is none."""

    id: str
    family: str
    method: str
    path: str
    said: str
    scope: str
    words: tuple[str, ...]
    reads: str
    answers: str


@blueprint.get("/api")
@audience(Audience.PUBLIC)
def api() -> str:
    """Show the reference of the API, with a quick start."""
    described = current_app.extensions[DESCRIPTION]
    routes = _routes(described)
    families = [
        (tag["name"], _spoken(tag["description"]), [route for route in routes if route.family == tag["name"]])
        for tag in described["tags"]
    ]
    return render_template(
        "reference/api.html",
        families=families,
        shapes=sorted(described["components"]["schemas"].items()),
        kind_of=_kind_of,
        root=request.host_url.rstrip("/"),
    )


def _spoken(both: str) -> str:
    """Return the half of `中文 · English` that the page speaks."""
    chinese, _point, english = both.partition(" · ")
    return english if presenting.in_english() else chinese


def _routes(described: Mapping[str, Any]) -> list[Route]:
    return [
        _route(path, method, operation)
        for path, methods in described["paths"].items()
        for method, operation in methods.items()
        if method in {"get", "post", "patch"}
    ]


def _route(path: str, method: str, operation: Mapping[str, Any]) -> Route:
    body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    good = [answer for status, answer in operation["responses"].items() if status[0] == "2"]
    answered: Mapping[str, Any] = good[0] if good else {}
    answer = answered.get("content", {}).get("application/json", {}).get("schema", {})
    return Route(
        id=operation["operationId"],
        family=operation["tags"][0],
        method=method.upper(),
        path=path,
        said=operation.get("summary", ""),
        scope=operation["security"][0]["bearer"][0],
        words=tuple(each["name"] for each in operation.get("parameters", []) if each["in"] == "query"),
        reads=_name(body),
        answers=_name(answer),
    )


def _name(schema: Mapping[str, Any]) -> str:
    return str(schema.get("$ref", "")).removeprefix(REFERENCE)


def _kind_of(schema: Mapping[str, Any]) -> str:
    """Say in a word or two what a field is."""
    if "$ref" in schema:
        return _name(schema)
    if "items" in schema:
        return f"[{_kind_of(schema['items'])}]"
    if "anyOf" in schema:
        return " | ".join(_kind_of(each) for each in schema["anyOf"])
    kind = schema.get("type", "any")
    words = " | ".join(kind) if isinstance(kind, list) else str(kind)
    return f"{words} ({schema['format']})" if "format" in schema else words


@blueprint.get("/api/v1/openapi.json")
@audience(Audience.PUBLIC)
def openapi() -> Response:
    """Give the description of the API (OpenAPI 3.1)."""
    answer = jsonify(current_app.extensions[DESCRIPTION])
    answer.headers["Cache-Control"] = A_MOMENT
    return answer


@blueprint.get("/problems/<code>")
@audience(Audience.PUBLIC)
def problem(code: str) -> str:
    """Explain one kind of problem: the page that its `type` names."""
    said = {name: str(sentence) for name, sentence in OF_HTTP.values()}
    if code not in SENTENCES and code not in said:
        abort(404)
    pair = SENTENCES.get(code, (said.get(code, ""), said.get(code, "")))
    return render_template("reference/problem.html", code=code, pair=pair)
