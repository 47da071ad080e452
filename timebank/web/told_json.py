"""What a script of ours is told: what came of its request, or every reason why nothing was done."""

from collections.abc import Callable
from typing import Any

from flask import jsonify
from flask_babel import gettext as _
from marshmallow import ValidationError
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from timebank.database import writing
from timebank.refusal import Refusal
from timebank.web import refusals, texts


def told(work: Callable[[Session], dict[str, Any]]) -> Response | tuple[Response, int]:
    """Do what a script asks for in one transaction, and tell what came of it.

    `malformed` and `code` let the page know that nothing was done, and why: only then may it forget what it asked.
    """
    try:
        with writing() as session:
            answer = work(session)
    except ValidationError:
        return jsonify({"said": [_("没有收完整，什么都没有改动，也没有扣分。请再试一次。")], "malformed": True}), 400
    except Refusal as refusal:
        facts = {"said": texts.reasons(refusal), "code": refusal.code, "prices": prices_now(refusal)}
        return jsonify(facts), refusals.status_of(refusal)
    return jsonify(answer)


def prices_now(refusal: Refusal) -> dict[str, Any]:
    """Return the prices that have changed since they were shown, by good, so that the page shows them anew."""
    problems = refusal.facts.get("problems")
    found = [problem for problem in problems if isinstance(problem, dict)] if isinstance(problems, list) else []
    return {str(each["good_number"]): each["price_points_e2"] for each in found if "price_points_e2" in each}
