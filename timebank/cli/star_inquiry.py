"""`timebank star inquiry …`: inquiries into stars: opened, heard, decided; and keeping a star that lost hours."""

from datetime import date
from typing import Final

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.stars.operations import inquiring
from timebank.stars.queries.inquiries import inquiries, inquiry
from timebank.stars.rules.inquiries import Heard, HearingKind, InquiryOutcome, Verdict

_NUMBER = click.argument("number", metavar="FH0001")
STATES: Final = {
    "open": ("等决定", "to be decided"),
    "decided": ("已决定", "decided"),
    "objected": ("有异议", "objected to"),
    "final": ("最后决定", "decided for good"),
}
_DAY = click.DateTime(formats=["%Y-%m-%d"])


@click.group("inquiry")
def group() -> None:
    r"""星级复核：提出、听取本人意见、决定。 Star inquiries: open, hear, decide.

    \b
    timebank star inquiry list
    timebank star inquiry open V0005 --reason 代签 --evidence 签到表A-0503 --as chen
    timebank star inquiry hear FH0001 --kind statement --text 本人说明 --as chen
    timebank star inquiry decide FH0001 --outcome reduced --level 1 --until 2027-05-31 --reason 两次代签 --as li
    """


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""全部星级复核，等决定的在前。 All inquiries, those that wait first.

    \b
    timebank star inquiry list
    """
    found = context.look(lambda session: inquiries(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(
        ("编号", "Number"), ("志愿者", "Volunteer"), ("星级", "Star"), ("原因", "Reason"), ("状态", "State")
    )
    rows = [(one.number, one.volunteer_number, str(one.level), one.reason, word(*STATES[one.state])) for one in found]
    table(headings, rows, numbers=[2])
    tell(f"共 {len(found)} 项。", f"{len(found)} in all.")


@group.command("open")
@click.argument("volunteer", metavar="V0005")
@click.option("--reason", required=True, metavar="TEXT", help="原因。 Why.")
@click.option("--evidence", required=True, metavar="TEXT", help="依据。 What shows it.")
@as_option
@key_option
@with_context
def open_one(context: Context, volunteer: str, reason: str, evidence: str, login: str | None, key: str | None) -> None:
    r"""提出一项复核，写明原因和依据。 Open an inquiry, with a reason and what shows it.

    \b
    timebank star inquiry open V0005 --reason 代签 --evidence 签到表A-0503 --as chen
    """
    act = context.act(login, key)

    def work(session: Session) -> str:
        return inquiring.open_inquiry(session, act, volunteer_number=volunteer, reason=reason, evidence=evidence)

    number = context.do(work)
    if context.as_json:
        document({"number": number})
    tell(
        f"✓ 复核 {number} 已开始。下一步听取本人意见：timebank star inquiry hear {number}",
        f"✓ Inquiry {number} is open. Next: timebank star inquiry hear {number}",
    )


@group.command("hear")
@_NUMBER
@click.option(
    "--kind",
    required=True,
    type=click.Choice([kind.value for kind in HearingKind]),
    help="statement 说明，declined 不愿说明，absent 没有来。 What came of it.",
)
@click.option("--text", default="", metavar="TEXT", help="本人的话。 What was said.")
@click.option("--on", "heard_on", default=None, type=_DAY, metavar="DATE", help="哪一天，默认今天。 Which day.")
@as_option
@key_option
@with_context
def hear(context: Context, number: str, kind: str, heard_on: date | None, **told: str | None) -> None:
    r"""记下本人的说明，或不愿说明、没有来。 Write down what the volunteer said, or that they did not.

    \b
    timebank star inquiry hear FH0001 --kind statement --text 我替邻居签的 --as chen
    timebank star inquiry hear FH0001 --kind absent --text 电话通知两次 --as chen
    """
    act = context.act(told["login"], told["key"])
    on = day_of(clock.now()) if heard_on is None else date(heard_on.year, heard_on.month, heard_on.day)
    heard = Heard(HearingKind(kind), on, told["text"] or "")
    context.do(lambda session: inquiring.hear(session, act, number=number, heard=heard))
    if context.as_json:
        document({"number": number})
    tell(
        f"✓ 已记下。由另一位决定：timebank star inquiry decide {number}",
        f"✓ Written down. Somebody else decides: timebank star inquiry decide {number}",
    )


@group.command("decide")
@_NUMBER
@click.option(
    "--outcome",
    required=True,
    type=click.Choice([outcome.value for outcome in InquiryOutcome]),
    help="kept 保留，reduced 降低，withdrawn 撤销。 What becomes of the star.",
)
@click.option("--level", default=0, type=int, metavar="N", help="降到几星。 Down to which star.")
@click.option("--until", default=None, type=_DAY, metavar="DATE", help="到哪一天，之后自动恢复。 Until which day.")
@click.option("--reason", required=True, metavar="TEXT", help="理由。 Why.")
@click.option("--document", "upper", default="", metavar="TEXT", help="上级文号。 Document of the level above.")
@as_option
@key_option
@with_context
def decide(context: Context, number: str, outcome: str, level: int, until: date | None, **told: str | None) -> None:
    r"""决定一项复核；提出的人不能决定。 Decide an inquiry; who opened it does not.

    \b
    timebank star inquiry decide FH0001 --outcome kept --reason 查无此事 --as li
    timebank star inquiry decide FH0001 --outcome reduced --level 1 --until 2027-05-31 --reason 两次代签 --as li
    """
    act = context.act(told["login"], told["key"])
    wanted = InquiryOutcome(outcome)
    until_on = None if until is None else date(until.year, until.month, until.day)

    def work(session: Session) -> int:
        held = inquiry(session, context.community_id, number).level
        after = held if wanted is InquiryOutcome.KEPT else level
        verdict = Verdict(wanted, after, until_on, told["reason"] or "", told["upper"] or "")
        return inquiring.decide_inquiry(session, act, number=number, verdict=verdict)

    seq = context.do(work)
    if context.as_json:
        document({"number": number, "entry": seq})
    tell(
        f"✓ 已决定，凭证 {seq}；本人可以提异议。下一步：timebank star inquiry list",
        f"✓ Decided, entry {seq}; the volunteer can object. Next: timebank star inquiry list",
    )
