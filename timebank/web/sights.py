"""Sights: which pages and answers show personal data of others, and the line that each look leaves.

Every route that shows something is either in `SIGHTS` or in `SHOWS_NOBODY`; a test walks the routes. The line is
written after the answer, by a transaction of its own, so that looking still cannot change anything else. One look is
one line: a list is named with how many people it showed, never with each of them.

Source: trust.md X15, T25, G17.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Final

from flask import Flask, Response, current_app, g, request
from flask_login import current_user
from sqlalchemy.engine import Engine

from timebank import chance, clock
from timebank.books.acts import Act
from timebank.database import Busy, db, writing
from timebank.people.numbers import could_be
from timebank.people.operations.sights import note_sight
from timebank.people.queries.sights import Sight
from timebank.web.access import act_of
from timebank.web.words import Pair

OPENED: Final = {200: "seen", 404: "refused"}
"""What becomes of a look, by the status of its answer; whoever is turned away at the door has left a line there."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What a route shows of others.

    Attributes:
        words: what the page is called where somebody reads who looked.
        whose: the part of the address that names the person; None where the view says it, or for a list.
        if_told: it shows somebody only where the view says so.
    """

    words: Pair
    whose: str | None = None
    if_told: bool = False


SIGHTS: Final[dict[str, Shown]] = {
    "persons.everybody": Shown(("人员名单", "The list of people")),
    "persons.person": Shown(("个人资料", "A person's page"), whose="number"),
    "privacy.waiting": Shown(("资料申请", "Requests about data")),
    "persons.card": Shown(("存折卡", "A card"), whose="number"),
    "helping.helpers": Shown(("家人代办", "Family helpers"), whose="number"),
    "coordinator.home": Shown(("活动负责人首页", "The coordinator's first page")),
    "attending.one": Shown(("活动报名和签到", "Sign-ups and attendance")),
    "attending.door": Shown(("活动门口", "The door of an activity")),
    "hours.record_hours": Shown(("录时长", "Recording hours")),
    "approvals.queue": Shown(("等审批的时长", "Hours to approve")),
    "approvals.record": Shown(("一条服务记录", "A service record")),
    "confirming.desk": Shown(("等确认的时长", "Hours to be confirmed")),
    "training.overview": Shown(("培训", "Trainings")),
    "certificates.one": Shown(("一份证书", "A certificate")),
    "certificates.file": Shown(("证书文件", "The file of a certificate")),
    "certifying.desk": Shown(("证书", "Certificates")),
    "certifying.workbook": Shown(("证书名单（Excel）", "The list of certificates as a workbook")),
    "certifying.table": Shown(("证书名单（CSV）", "The list of certificates as a table")),
    "timetables.one": Shown(("一张时间表的预约", "Bookings of a timetable")),
    "star_inquiries.overview": Shown(("星级复核", "Inquiries into stars")),
    "star_inquiries.one": Shown(("一个星级复核", "An inquiry into a star")),
    "objections.waiting": Shown(("异议", "Objections")),
    "groups.overview": Shown(("团队", "Groups")),
    "groups.one": Shown(("一个团队的存折", "The passbook of a group"), whose="number"),
    "pool.grants": Shown(("互助池", "The mutual-aid pool")),
    "expiring.passbooks": Shown(("快到期的积分", "Points that will expire")),
    "awards.cases": Shown(("星级评定", "Star cases")),
    "awards.round_list": Shown(("星级推荐表", "The list of recommended stars")),
    "importing.batch": Shown(("导入批次", "An import")),
    "desk_requests.waiting": Shown(("两人办理", "What takes two persons")),
    "till.home": Shown(("收银台", "The till")),
    "till.redemptions": Shown(("兑换记录", "Redemptions")),
    "till.slip": Shown(("兑换小票", "A slip")),
    "looking.look": Shown(("收银台查人", "Looking somebody up at the till"), if_told=True),
    "parking.waiting": Shown(("挂单", "Parked baskets")),
    "waiting.line": Shown(("候补名单", "The waiting list")),
    "second_looks.checks": Shown(("要第二个人看的兑换", "Redemptions for a second look")),
    "relief.overview": Shown(("救助发放", "Relief")),
    "relief.slip": Shown(("救助签领单", "A relief sheet")),
    "reservations.waiting": Shown(("预约", "Reservations")),
    "reservations.one": Shown(("一个预约", "A reservation")),
    "vouchers.overview": Shown(("服务券", "Service vouchers"), if_told=True),
    "vouchers.slip": Shown(("一张服务券", "A service voucher")),
    "shifts.one": Shown(("班次", "A shift")),
    "auditor.journal": Shown(("流水账", "The journal")),
    "auditor.entry": Shown(("一张凭证", "An entry")),
    "auditor.account": Shown(("一个科目", "An account")),
    "auditor.holders": Shown(("持有人余额", "Balances by holder")),
    "auditor.trail_page": Shown(("谁做了什么", "Who did what")),
    "seen.everything": Shown(("谁看了什么", "Who looked at what")),
    "api_groups.groups": Shown(("接口：团队", "API: groups")),
    "api_people.volunteers": Shown(("接口：志愿者名单", "API: the list of volunteers")),
    "api_people.volunteer": Shown(("接口：个人资料", "API: a volunteer"), whose="number"),
    "api_people.passbook": Shown(("接口：存折", "API: a passbook"), whose="number"),
    "api_people.passbook_lines": Shown(("接口：存折流水", "API: lines of a passbook"), whose="number"),
    "api_service.sign_ups": Shown(("接口：报名", "API: sign-ups")),
    "api_service.attendances": Shown(("接口：签到", "API: attendances")),
    "api_service.service_records": Shown(("接口：服务记录", "API: service records")),
    "api_service.service_record": Shown(("接口：一条服务记录", "API: a service record")),
    "api_stars.star_awards": Shown(("接口：星级评定", "API: star cases")),
    "api_stars.star_award": Shown(("接口：一个星级评定", "API: a star case")),
    "api_certificates.certificates": Shown(("接口：证书", "API: certificates")),
    "api_certificates.certificate": Shown(("接口：一份证书", "API: a certificate")),
    "api_stars.star_inquiries": Shown(("接口：星级复核", "API: inquiries into stars")),
    "api_notices.notices": Shown(("接口：星级公示", "API: stars on notice")),
    "api_notices.notice": Shown(("接口：一个星级公示", "API: a star on notice")),
    "api_notices.ratings": Shown(("接口：评价", "API: ratings")),
    "api_files.one_import": Shown(("接口：导入批次", "API: an import")),
    "api_files.export_content": Shown(("接口：导出的流水", "API: an exported journal")),
    "api_activities.recipient": Shown(("接口：服务对象", "API: a recipient")),
    "api_activities.objections": Shown(("接口：异议", "API: objections")),
    "api_activities.objection": Shown(("接口：一个异议", "API: an objection")),
    "api_counter.redemptions": Shown(("接口：兑换", "API: redemptions")),
    "api_counter.redemption": Shown(("接口：一次兑换", "API: a redemption")),
    "api_counter.reservations": Shown(("接口：预约", "API: reservations")),
    "api_counter.reservation": Shown(("接口：一个预约", "API: a reservation")),
    "api_waiting.waiting_list": Shown(("接口：候补名单", "API: the waiting list")),
    "api_waiting.waiting": Shown(("接口：一个候补", "API: somebody who waits")),
    "api_vouchers.vouchers": Shown(("接口：服务券", "API: service vouchers")),
    "api_vouchers.one": Shown(("接口：一张服务券", "API: one service voucher")),
    "api_relief.households": Shown(("接口：困难家庭", "API: households in need")),
    "api_relief.reliefs": Shown(("接口：救助发放", "API: relief")),
    "api_relief.relief": Shown(("接口：一次救助", "API: one relief")),
    "api_counter.shift": Shown(("接口：班次", "API: a shift")),
    "api_books.entries": Shown(("接口：凭证", "API: entries")),
    "api_books.entry": Shown(("接口：一张凭证", "API: an entry")),
    "api_books.accounts": Shown(("接口：科目余额", "API: accounts")),
    "api_books.trail_lines": Shown(("接口：谁做了什么", "API: who did what")),
}
"""What shows personal data of others, by endpoint; its name is what stands in the trail of reads."""

SHOWS_NOBODY: Final = frozenset(
    {
        *(
            "admin.home",
            "admin.staff",
            "nights.runs",
            "seen.own",
            "tokens.own",
            "devices.own",
            "devices.password",
            "passkeys.new",
            "second.ask",
        ),
        *(
            "rule_changes.proposals",
            "rule_changes.new",
            "certifying.office",
            "second.own",
            "second.set_up",
            "badges.own",
        ),
        *("coordinator.activities", "coordinator.new_activity", "attending.code", "persons.new_volunteer"),
        *(
            "importing.overview",
            "stock.shelf",
            "stock.backing",
            "moving.overview",
            "noting.demand",
            "noting.forms",
            "noting.sheet",
            "partners.overview",
            "partners.statement",
            "partners.table",
            "vouchers.desk",
            "settling.statement",
            "settling.table",
            "stocking.new_delivery",
            "stocking.new_good",
            "stocking.new_prices",
        ),
        *("counting.counts", "counting.count", "counting.write_offs", "labels.labels", "till.cards", "till.customer"),
        *("looking.goods", "shifts.overview", "auditor.home", "auditor.accounts"),
        *("api_counter.shifts", "api_service.activities", "api_service.activity", "api_people.partners"),
        *("api_people.org_units", "api_books.trial_balance", "api_books.checkpoint", "api_books.proof"),
        *("api_books.verifications", "api_books.metrics", "api_tokens.me", "api_tokens.tokens"),
        "api_tokens.token",
        *("api_files.imports", "api_files.exports", "api_files.one_export"),
        *("webhooks.overview", "webhooks.one", "api_webhooks.webhooks"),
        *("api_webhooks.webhook", "api_webhooks.deliveries"),
        *("api_rules.rule_versions", "api_rules.rule_version", "api_rules.rule_proposals"),
        *("api_stock.goods", "api_stock.good", "api_stock.lots", "api_stock.donations", "api_stock.donation"),
        *(
            "api_stock.partner_gifts",
            "api_vouchers.offers",
            "api_vouchers.statements",
            "api_noting.unmet_demand",
            "api_noting.paper_forms",
            "api_prices.price_lists",
            "api_prices.price_list",
            "api_counts.stock_counts",
            "api_counts.stock_count",
            "api_counts.tallies",
            "api_counts.variances",
            "api_moving.stock_moves",
            "api_moving.stock_move",
            "api_stock.stock_movements",
            "timetables.overview",
            "api_activities.opening_calendars",
            "api_activities.slots",
        ),
    }
)
"""What the staff may open that shows nobody else: rules, goods, counts, the visitor's own, and who works here."""


def words_of(what: str) -> Pair:
    """Return what a page is called, by its name in the trail of reads; one that is gone is called by that name."""
    room, _, words = what.partition(".")
    if room == "cli":
        return f"命令：timebank {words}", f"Command: timebank {words}"
    return SIGHTS[what].words if what in SIGHTS else (what, what)


def about(number: str) -> None:
    """Say whose data a view shows, where the address does not."""
    g.sight_about = number


def counted(people: int) -> None:
    """Say how many people a list shows."""
    g.sight_count = people


def register(app: Flask) -> None:
    """Let every answer that shows somebody leave its line."""
    app.after_request(_remember)


def _remember(response: Response) -> Response:
    shown = SIGHTS.get(request.endpoint or "")
    found = _sight(shown, response.status_code) if shown is not None and request.method == "GET" else None
    doing = _act() if found is not None else None
    if found is not None and doing is not None and found.subject not in _own_numbers():
        response.call_on_close(_appender(current_app.logger.error, db.engine, doing, found))
    return response


def _sight(shown: Shown, status: int) -> Sight | None:
    named = (request.view_args or {}).get(shown.whose or "")
    subject, count = g.get("sight_about") or named, g.get("sight_count")
    if status not in OPENED or (shown.if_told and subject is None and count is None):
        return None
    known = subject if isinstance(subject, str) and could_be(subject) else None
    return Sight(
        what=request.endpoint or "",
        subject=known,
        shown=count if status == 200 else None,
        outcome="seen" if status == 200 else "refused",
    )


def _act() -> Act | None:
    """Return who looks, or None where nobody is known."""
    if "api_act" in g:
        found: Act = g.api_act(chance.fresh_key(), clock.now())
        return found
    return act_of(current_user, chance.fresh_key()) if current_user.is_authenticated else None


def _own_numbers() -> frozenset[str | None]:
    """One's own data is nobody else's; a list has no owner, so None is never among them."""
    if "api_act" in g or not current_user.is_authenticated:
        return frozenset()
    return frozenset({current_user.staff_number, current_user.volunteer_number} - {None})


def _appender(complain: Callable[..., None], engine: Engine, doing: Act, sight: Sight) -> Callable[[], None]:
    def append() -> None:
        try:
            with writing(engine) as session:
                note_sight(session, doing, sight)
        except Busy:
            line = {"at": doing.at.isoformat(), "actor": doing.number, **asdict(sight)}
            complain("a look could not be written down: %s", json.dumps(line, ensure_ascii=False))

    return append
