"""Problems: every «no» of the API as `application/problem+json` (RFC 9457), with a type that is a page.

The same refusals and sentences as on the pages. What is malformed is 400 or 422, what a rule refuses 409, what is
somebody else's 404; nothing is ever told of how the program works inside.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from flask import Response, g, request
from flask_babel import gettext, lazy_gettext
from marshmallow import ValidationError
from werkzeug.exceptions import HTTPException

from timebank.imports.operations.submitted import FileHasProblems
from timebank.imports.problems import Language, problem_sentence
from timebank.refusal import Refusal
from timebank.web import presenting, texts
from timebank.web.api.said import Said

MEDIA_TYPE: Final = "application/problem+json"
ERRORS_MAX: Final = 200
"""How many wrong rows of a file are told at once."""
ROOT: Final = "/api/"
TYPES: Final = "/problems/"
LOOKING: Final = frozenset({"GET", "HEAD"})
"""Whoever looks for what is unknown looks for what is not there; whoever names it in a document has made a mistake."""

STATUS: Final = {
    "token_missing": 401,
    "scope_missing": 403,
    "idempotency_key_missing": 400,
    "idempotency_key_wrong": 400,
    "cursor_wrong": 400,
    "json_wrong": 400,
    "request_key_reused": 422,
    "rate_exceeded": 429,
    "if_match_missing": 428,
    "changed_since": 412,
}
"""Statuses that only the API gives, by code."""
LATER: Final = {409: "1", 503: "3"}
"""After how many seconds the very same request is worth another try, by status of what may be tried again."""
AGAIN: Final = frozenset({"busy", "request_running", "rate_exceeded"})
"""Refusals that time alone mends."""

OF_HTTP: Final = {
    400: ("bad_request", lazy_gettext("请求不完整。什么都没有改动。")),
    401: ("token_missing", lazy_gettext("请带上令牌。什么都没有改动。")),
    403: ("forbidden", lazy_gettext("这里不归您看。什么都没有改动。")),
    404: ("not_found", lazy_gettext("没有这个地址，或者不归您看。什么都没有改动。")),
    405: ("method_not_allowed", lazy_gettext("这个地址不能这样用。什么都没有改动。")),
    413: ("too_large", lazy_gettext("内容太大了，没有接收。请分成几份再来。")),
    415: ("not_json", lazy_gettext("请用 application/json 发送。什么都没有改动。")),
    422: ("invalid", lazy_gettext("有几处没有填对。什么都没有保存。请看 errors。")),
    500: ("broken", lazy_gettext("系统出了点问题。什么都没有改动。请过一会儿再试。")),
    507: ("no_room", lazy_gettext("服务器的磁盘满了。什么都没有保存。请告诉管理员腾出空间再试。")),
    503: ("busy", lazy_gettext("系统正忙。什么都没有改动。请过几秒再试，重复提交也不会记两次。")),
}
"""Code and sentence of what is no refusal, by status."""


def is_asked() -> bool:
    """Tell whether the request is the API's, or a program's that would rather have this than a page."""
    return request.path.startswith(ROOT) or request.accept_mimetypes.best_match(["text/html", MEDIA_TYPE]) == MEDIA_TYPE


def refused(refusal: Refusal, status: int) -> Response:
    """Answer a refusal."""
    problems = refusal.facts.get("problems")
    found = problems if isinstance(problems, list) else []
    errors = [_of_line(problem) for problem in found if isinstance(problem, dict)] or _of_rows(refusal)
    if request.method in LOOKING and refusal.code.startswith("unknown_"):
        status = 404
    answer = _answer(refusal.code, STATUS.get(refusal.code, status), texts.sentence(refusal), errors)
    if g.get("api_replayed"):
        answer.headers["Idempotency-Replayed"] = "true"
    if refusal.code == "token_missing":
        answer.headers["WWW-Authenticate"] = 'Bearer realm="timebank"'
    return answer


def _of_line(problem: Mapping[str, Any]) -> dict[str, Any]:
    """Tell one of several reasons; the line is counted from one by people, from nought by programs."""
    line = problem.get("line")
    pointer = f"/{g.get('api_rows')}/{line - 1}" if isinstance(line, int) and g.get("api_rows") else ""
    return {"pointer": pointer, "code": problem["code"], "message": texts.told(str(problem["code"]), problem)}


def _of_rows(refusal: Refusal) -> list[dict[str, Any]]:
    """Tell every wrong row of a file that was only tried, or the one wrong row of a document.

    What is refused for good is repeated to the byte for ever, and of a file only line numbers are kept that long.
    """
    if isinstance(refusal, FileHasProblems) and g.get("api_rehearsed"):
        language: Language = "en" if presenting.in_english() else "zh"
        return [
            {"line": each.line, "code": each.problem.code, "message": problem_sentence(each.problem, language)}
            for each in refusal.problems[:ERRORS_MAX]
        ]
    place = refusal.facts.get("place")
    if isinstance(place, int) and g.get("api_rows"):
        return [_of_line({**refusal.facts, "line": place, "code": refusal.code})]
    return []


def malformed(error: ValidationError) -> Response:
    """Answer what does not have the shape that was asked for, with the place of each fault."""
    errors: list[dict[str, Any]] = []
    for place, found in error.normalized_messages().items():
        errors += _faults(found, "", "parameter" if place == "query" else "pointer")
    return _of_status(422, errors)


def _faults(found: Any, pointer: str, name: str) -> Iterator[dict[str, Any]]:  # as deep as the document
    if isinstance(found, Mapping):
        for part, inner in found.items():
            further = "" if part == "_schema" else f"/{str(part).replace('~', '~0').replace('/', '~1')}"
            yield from _faults(inner, pointer + further, name)
        return
    for message in found if isinstance(found, list) else [found]:
        code = message.code if isinstance(message, Said) else "invalid"
        yield {name: pointer.lstrip("/") if name == "parameter" else pointer, "code": code, "message": str(message)}


def of_http(error: HTTPException) -> Response:
    """Answer what the framework refuses, with its headers (which methods are allowed)."""
    answer = _of_status(error.code or 500)
    for name, value in error.get_headers():
        if name not in {"Content-Type", "Content-Length"}:
            answer.headers[name] = value
    return answer


def of_status(status: int) -> Response:
    """Answer what has no refusal and no exception of its own."""
    return _of_status(status)


def _of_status(status: int, errors: list[dict[str, Any]] | None = None) -> Response:
    known = status if status in OF_HTTP else 400 if status < 500 else 500
    code, sentence = OF_HTTP[known]
    return _answer(code, status, str(sentence), errors or [])


def _answer(code: str, status: int, detail: str, errors: list[dict[str, Any]]) -> Response:
    document = {
        "type": TYPES + code,
        "title": _title(status),
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": g.get("request_id", ""),
        "retryable": code in AGAIN,
    }
    if errors:
        document["errors"] = errors
    text = json.dumps(document, ensure_ascii=False, sort_keys=True)
    answer = Response(text, status=status, content_type=MEDIA_TYPE)
    if code in AGAIN:
        answer.headers["Retry-After"] = str(g.api_left.seconds) if status == 429 else LATER[status]
    return answer


def _title(status: int) -> str:
    titles: dict[int, str] = {
        401: gettext("请带上令牌"),
        403: gettext("不允许"),
        404: gettext("没有找到"),
        409: gettext("按规则没有办"),
        412: gettext("有人先改了"),
        422: gettext("有几处没有填对"),
        428: gettext("请求不完整"),
        429: gettext("太快了"),
        503: gettext("系统正忙"),
    }
    otherwise = gettext("系统出了点问题") if status >= 500 else gettext("请求不完整")
    return str(titles.get(status, otherwise))
