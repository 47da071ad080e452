"""Refusals: how an expected «no» becomes a page, or an answer to a script of ours. One place for all of them.

A refused rule is 409, something that is not there 404, somebody who may not 403, a database out of reach 503. The page
says what happened, that nothing was changed, and what to do next. A request whose frame cannot be drawn (no database,
an address of somebody else's) is answered by a page that needs nothing.
"""

import errno
from dataclasses import dataclass
from typing import Any, Final

from flask import Flask, Response, current_app, g, jsonify, make_response, render_template
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from marshmallow import ValidationError
from sqlalchemy.exc import InterfaceError, OperationalError, PendingRollbackError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError

from timebank import chance
from timebank.database import Busy, is_fault_of_the_program
from timebank.refusal import Refusal
from timebank.web import texts
from timebank.web.access import asks_for_json
from timebank.web.addresses import page_before
from timebank.web.api import problems

STATUS: Final = {
    "not_allowed": 403,
    "busy": 503,
    "no_such_community": 404,
    "schema_damaged": 503,
    "books_stopped": 503,
    "too_many_sign_ins": 429,
    "too_many_codes": 429,
}
"""The status of a refusal by its code; `no_such_…` is 404, everything else 409."""
LATER: Final = {429: "60", 503: "3"}
"""After how many seconds it is worth trying again, by status."""
KINDS: Final = {
    401: "signed_out",
    403: "refused",
    404: "not_found",
    405: "not_found",
    413: "too_large",
    503: "away",
    507: "full",
}
"""What the page says, by status; another 4xx is malformed, everything else broken."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What a page says when something did not come about.

    Attributes:
        title: its heading.
        always: what is said in any case.
        alone: what is said where nothing else is known.
    """

    title: Any
    always: Any = ""
    alone: Any = ""

    def explained(self, said: str) -> str:
        """Return what is said after the sentence of the refusal, if there is one."""
        return str(self.always or ("" if said else self.alone))


TROUBLES: Final = {
    "refused": Trouble(_("这次没有办成"), alone=_("这一页不归您看。什么都没有改动。需要的话请找管理员。")),
    "signed_out": Trouble(_("请重新登录"), alone=_("为了安全请重新登录。没有扣分。这一单还在。")),
    "not_found": Trouble(_("没有找到这一页"), alone=_("网址可能抄错了，或者这一页不归您看。什么都没有改动。")),
    "malformed": Trouble(_("有几处没有填对"), always=_("什么都没有保存。请返回改好再提交。")),
    "stale": Trouble(_("页面放得太久了"), always=_("为了安全，请返回刷新后再提交一次。刚才没有保存，也没有扣分。")),
    "too_large": Trouble(_("内容太大了"), always=_("文件或内容超过了上限，没有接收。请分成几份再来。")),
    "full": Trouble(_("这里放不下了"), always=_("服务器的磁盘满了，没有接收，什么都没有保存。请告诉管理员再试。")),
    "away": Trouble(_("系统正忙"), alone=_("请过几秒再试一次。重复提交也不会记两次。")),
    "broken": Trouble(_("系统出了点问题"), always=_("您的积分没有变化。请过一会儿再试，或打服务站电话。")),
}
"""What the pages say, by kind of trouble."""


def status_of(refusal: Refusal) -> int:
    """Return the HTTP status of a refusal."""
    if refusal.code in STATUS:
        return STATUS[refusal.code]
    return 404 if refusal.code.startswith("no_such_") else 409


def register(app: Flask) -> None:
    """Answer refusals, malformed input and errors with pages."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(ValidationError, _malformed)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(SecurityError, _not_our_address)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(OperationalError, _out_of_reach)
    app.register_error_handler(InterfaceError, _out_of_reach)
    app.register_error_handler(OSError, _no_room)
    app.register_error_handler(Exception, _broken)
    app.before_request(_number_the_request)
    app.after_request(_tell_the_number)


def _number_the_request() -> None:
    g.request_id = chance.fresh_key()[:12]


def _tell_the_number(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    return response


def _answer(kind: str, status: int, said: str = "") -> Response:
    explained = TROUBLES[kind].explained(said)
    response = make_response(_json(said, explained) if asks_for_json() else _page(kind, said, explained), status)
    if status in LATER:
        response.headers["Retry-After"] = LATER[status]
    return response


def _json(said: str, explained: str) -> Response:
    return jsonify({"said": [sentence for sentence in (said, explained) if sentence]})


def _page(kind: str, said: str, explained: str) -> str:
    title = str(TROUBLES[kind].title)
    told = {"title": title, "said": said, "explained": explained, "request_id": g.get("request_id", "")}
    try:
        return render_template("refusal.html", **told, back=page_before())
    except (OperationalError, InterfaceError, PendingRollbackError):
        # The last is said by a session whose connection broke a moment ago.
        return _bare(told)


def _bare(told: dict[str, str]) -> str:
    """Draw a page for which nothing is asked, neither who is there nor where."""
    return current_app.jinja_env.get_template("bare.html").render(told)


def _refused(refusal: Refusal) -> Response:
    status = status_of(refusal)
    if problems.is_asked():
        return problems.refused(refusal, status)
    kind = KINDS.get(status, "refused")
    return _answer(kind, status, texts.sentence(refusal))


def _malformed(error: ValidationError) -> Response:
    if problems.is_asked():
        return problems.malformed(error)
    said = (sentence for sentences in error.normalized_messages().values() for sentence in sentences)
    return _answer("malformed", 400, str(_("；")).join(str(sentence) for sentence in said))


def _stale_form(error: CSRFError) -> Response:
    return _answer("stale", error.code or 400)


def _not_our_address(error: SecurityError) -> Response:
    """Nothing that needs an address can be drawn for a host that is not ours."""
    if problems.is_asked():
        return problems.of_status(error.code or 400)
    trouble = TROUBLES["malformed"]
    told = {"title": str(trouble.title), "said": "", "explained": trouble.explained(""), "request_id": ""}
    return make_response(_bare(told), error.code or 400)


def _http_error(error: HTTPException) -> Response:
    status = error.code or 500
    if problems.is_asked():
        return problems.of_http(error)
    response = _answer(KINDS.get(status, "malformed" if 400 <= status < 500 else "broken"), status)
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _out_of_reach(error: OperationalError | InterfaceError) -> Response:
    if is_fault_of_the_program(error):
        return _broken(error)
    current_app.logger.error("request %s: the database is out of reach", g.get("request_id"), exc_info=error)
    if problems.is_asked():
        return problems.refused(Busy(), 503)
    return _answer("away", 503, texts.sentence(Busy()))


def _no_room(error: OSError) -> Response:
    """What came in could not be put aside because the disk is full; nothing of it was kept."""
    if error.errno not in (errno.ENOSPC, errno.EDQUOT):
        return _broken(error)
    current_app.logger.error("request %s: no room left", g.get("request_id"), exc_info=error)
    return problems.of_status(507) if problems.is_asked() else _answer("full", 507)


def _broken(error: Exception) -> Response:
    """The program is wrong: the transaction was rolled back; log it whole, tell the person plainly."""
    current_app.logger.error("request %s failed", g.get("request_id"), exc_info=error)
    if problems.is_asked():
        return problems.of_status(500)
    return _answer("broken", 500)
