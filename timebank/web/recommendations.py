"""Stars that the level above grants: recommended from the page of cases, and its answers, one by one or as a file."""

from typing import Any, ClassVar

from flask import Blueprint, flash, redirect, request, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank import clock
from timebank.books.acts import Act
from timebank.certificates.operations import certify_after
from timebank.imports.reading import read_table
from timebank.ledger.days import day_of
from timebank.stars.operations import recommending
from timebank.stars.queries import notices
from timebank.stars.rules import REASON_MAX, results
from timebank.stars.rules.recommending import NAME_MAX, Outcome
from timebank.web.access import Audience, act, audience, community_id
from timebank.web.awards import page
from timebank.web.forms import Day, Form, Id, Many, Text, at_least_one, at_most
from timebank.web.shown_again import attempt

blueprint = Blueprint("recommendations", __name__, url_prefix="/coord/stars")

FILE_BYTES_MAX = 1_000_000


class RecommendForm(Form):
    """The ticked cases, and to whom."""

    labels: ClassVar = {"recommended": lazy_gettext("推荐"), "to": lazy_gettext("推荐给谁")}

    recommended = Many(Id(), required=True, validate=at_least_one(500))
    to = Text(required=True, validate=at_most(NAME_MAX))


class OutcomeForm(Form):
    """What came back about one case."""

    labels: ClassVar = {
        "outcome_award": lazy_gettext("谁"),
        "decided_on": lazy_gettext("评定日期"),
        "document": lazy_gettext("文号"),
        "why": lazy_gettext("原因"),
    }

    outcome_award = Id(required=True)
    granted = Text(required=True)
    decided_on = Day(required=True)
    document = Text(required=True, validate=at_most(NAME_MAX))
    why = Text(load_default="", validate=at_most(REASON_MAX))


class ResultsForm(Form):
    """The file beside it holds everything else."""


@blueprint.post("/recommend")
@audience(Audience.COORDINATOR)
def recommend() -> Response | tuple[str, int]:
    """Recommend the ticked cases to the level above, all or none."""

    def recommend_all(session: Session) -> int:
        typed = RecommendForm().load(request.form)
        doing = act(typed["request_key"])
        return recommending.recommend(session, doing, award_ids=tuple(typed["recommended"]), to=typed["to"])

    tried = attempt(recommend_all)
    if not tried.done:
        return page(tried), tried.status
    flash(_("已推荐 %(count)s 个。结果回来以后，请另一位登记。", count=tried.answer), "good")
    return redirect(url_for("awards.cases"))


@blueprint.post("/outcome")
@audience(Audience.COORDINATOR)
def outcome() -> Response | tuple[str, int]:
    """Record what the level above has answered about one case."""

    def record_one(session: Session) -> dict[str, Any]:
        typed = OutcomeForm().load(request.form)
        told = Outcome(
            award_id=typed["outcome_award"],
            granted=typed["granted"] == "yes",
            decided_on=typed["decided_on"],
            document=typed["document"],
            reason=typed["why"],
        )
        return _with_certificates(session, act(typed["request_key"]), (told,))

    tried = attempt(record_one)
    if not tried.done:
        return page(tried), tried.status
    return _recorded(tried.answer)


@blueprint.post("/results")
@audience(Audience.COORDINATOR)
def from_file() -> Response | tuple[str, int]:
    """Record the answers of a whole round from the list that was filled in, all or none."""

    def record_all(session: Session) -> dict[str, Any]:
        typed = ResultsForm().load(request.form)
        table = read_table(*_sent_file())
        lines = results.lines_of(table.headings, [(row.line, row.cells) for row in table.rows])
        cases = notices.open_cases_noticed(session, community_id(), day_of(clock.now()))
        told = results.outcomes_of(lines, cases)
        return _with_certificates(session, act(typed["request_key"]), told)

    tried = attempt(record_all)
    if not tried.done:
        return page(tried), tried.status
    return _recorded(tried.answer)


def _with_certificates(session: Session, doing: Act, told: tuple[Outcome, ...]) -> dict[str, Any]:
    """Record what was answered, and make out the certificates of the stars that were granted."""
    answer = recommending.record_outcomes(session, doing, outcomes=told)
    certify_after(session, doing, [one.award_id for one in told])
    return answer


def _recorded(answer: dict[str, Any]) -> Response:
    flash(_("已登记：通过 %(granted)s 个，未通过 %(refused)s 个。", **_counts(answer)), "good")
    return redirect(url_for("awards.cases"))


def _counts(answer: dict[str, Any]) -> dict[str, int]:
    return {"granted": answer["granted"], "refused": answer["refused"]}


def _sent_file() -> tuple[str, bytes]:
    sent = request.files.get("results")
    if sent is None:
        return "", b""
    try:
        return sent.filename or "", sent.stream.read(FILE_BYTES_MAX)
    finally:
        sent.close()
