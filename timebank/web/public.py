"""Pages for everybody: what this is, when the counter is open, the totals that anyone may check."""

from collections.abc import Sequence
from datetime import datetime

from flask import Blueprint, render_template
from flask_login import current_user

from timebank import clock
from timebank.audit.totals import totals
from timebank.database import db
from timebank.ledger.days import day_of
from timebank.market import queries as market
from timebank.market.queries import GoodOnSale
from timebank.market.queries.starred import StarMark, star_marks
from timebank.people import queries as people
from timebank.rulebook.queries import rules_on
from timebank.web.access import Audience, audience, community_id

blueprint = Blueprint("public", __name__)


@blueprint.get("/")
@audience(Audience.PUBLIC)
def home() -> str:
    """Show what this is, the totals of the community and how to come in."""
    return render_template("public/home.html", totals=totals(db.session(), community_id()))


@blueprint.get("/shop")
@audience(Audience.PUBLIC)
def shop() -> str:
    """Show what is on the shelf and what it takes: what one can have comes first, what is out last."""
    now = clock.now()
    goods = market.goods_on_sale(db.session(), community_id(), now)
    available_e2 = None
    if current_user.is_authenticated and current_user.volunteer_number:
        own = market.passbook(db.session(), current_user.community_id, current_user.volunteer_number, now)
        available_e2 = own.available_e2

    def how_far_away(one: GoodOnSale) -> tuple[bool, bool]:
        return one.free_pieces == 0, available_e2 is not None and one.price_points_e2 > available_e2

    visitor = current_user.volunteer_number if current_user.is_authenticated else None
    return render_template(
        "public/shop.html",
        goods=sorted(goods, key=how_far_away),
        available_e2=available_e2,
        marks=_star_marks(goods, visitor, now),
    )


def _star_marks(goods: Sequence[GoodOnSale], visitor: str | None, now: datetime) -> dict[str, StarMark]:
    """Return which goods ask for a star, or are offered to higher stars first; nothing where nothing is on sale."""
    if not goods:
        return {}
    benefits = rules_on(db.session(), community_id(), day_of(now)).document.benefits
    numbers = [one.good.number for one in goods]
    return star_marks(db.session(), (community_id(), visitor), now, benefits, numbers)


@blueprint.get("/communities")
@audience(Audience.PUBLIC)
def communities() -> str:
    """Let a visitor choose the community, where there are several."""
    return render_template("public/communities.html", communities=people.communities(db.session()))
