"""Pages of the rules for everybody: what holds today, in sentences made from the data that computes, and every version.

Nobody needs to sign in to read by which rules points are given; the page prints on A4.
"""

from flask import Blueprint, Response, render_template

from timebank import clock
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.rulebook import queries
from timebank.rulebook.queries import RuleVersion
from timebank.rulebook.rules import Change, changes_in_words, in_words
from timebank.web import presenting
from timebank.web.access import Audience, audience, community_id

blueprint = Blueprint("rules", __name__, url_prefix="/rules")


@blueprint.get("")
@audience(Audience.PUBLIC)
def today() -> str:
    """Show the rules in force today."""
    return _page(queries.rules_on(db.session(), community_id(), day_of(clock.now())))


@blueprint.get("/<int:version>")
@audience(Audience.PUBLIC)
def version(version: int) -> str:
    """Show one version, whether it holds, held or will hold."""
    return _page(queries.rule_version(db.session(), community_id(), version))


def _page(shown: RuleVersion) -> str:
    versions = queries.rule_versions(db.session(), community_id())
    return render_template(
        "rules/rules.html",
        shown=shown,
        sections=in_words(shown.document, presenting.tell),
        changes=_changes(versions, shown),
        versions=tuple(reversed(versions)),
        in_force=queries.in_force(versions, day_of(clock.now())),
    )


def _changes(versions: tuple[RuleVersion, ...], shown: RuleVersion) -> tuple[Change, ...]:
    """What is different from the version before; nothing for the first."""
    before = [one for one in versions if one.version == shown.version - 1]
    return changes_in_words(before[0].document, shown.document, presenting.tell) if before else ()


@blueprint.get("/<int:version>/document")
@audience(Audience.PUBLIC)
def document(version: int) -> Response:
    """Give the document itself, by whose hash the entry can be checked and every posting recomputed."""
    found = queries.rule_version(db.session(), community_id(), version)
    answer = Response(found.text, mimetype="application/json")
    answer.headers.set("Content-Disposition", "attachment", filename=f"rules-{version}.json")
    return answer
