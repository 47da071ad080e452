"""`timebank certificate`: certificates of service and of stars; issued by one, revoked by another."""

import csv
import sys
from datetime import date
from pathlib import Path
from typing import Any
from uuid import UUID

import click
from sqlalchemy.orm import Session

from timebank import clock
from timebank.certificates import operations, queries
from timebank.certificates.queries import Certificate
from timebank.certificates.rules import Office, Period
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.kinds import DAY
from timebank.cli.output import document, table, tell, word, words
from timebank.ledger.days import day_of
from timebank.service.durations import written_minutes
from timebank.web.certificate_pdf import pdf_of
from timebank.web.certificate_words import STATES, words_of

_NUMBER = click.argument("certificate", metavar="ZM2026-0001")
_REASON = click.option("--reason", required=True, metavar="TEXT", help="原因。 Why.")


@click.group("certificate")
def group() -> None:
    r"""证书：服务记录证明和星级证书。 Certificates of service and of stars.

    \b
    timebank certificate office --unit 幸福里社区居民委员会 --responsible 陈主任 --as admin
    timebank certificate issue V0005 --as chen
    timebank certificate revoke ZM2026-0001 --reason 记错了 --as li
    timebank certificate list
    """


@group.command("office")
@click.option("--unit", required=True, help="出具单位。 Issuing unit.")
@click.option("--responsible", required=True, help="负责人。 Responsible person.")
@click.option("--contact", default="", help="联系方式，默认服务站电话。 How to reach them.")
@as_option
@key_option
@with_context
def office(context: Context, unit: str, responsible: str, contact: str, login: str | None, key: str | None) -> None:
    r"""写明证书由哪个单位出具、谁负责；以前开的不变。 Say who issues from now on.

    \b
    timebank certificate office --unit 幸福里社区居民委员会 --responsible 陈主任 --as admin
    """
    act = context.act(login, key)
    context.do(lambda session: operations.set_office(session, act, office=Office(unit, responsible, contact)))
    tell("✓ 已保存。下一步：timebank certificate issue V0005", "✓ Saved. Next: timebank certificate issue V0005")


@group.command("issue")
@click.argument("number", metavar="V0005")
@click.option("--since", type=DAY, default=None, help="从哪一天，默认从第一次。 From, by default the first service.")
@click.option("--until", type=DAY, default=None, help="到哪一天，默认今天。 To, by default today.")
@as_option
@key_option
@with_context
def issue(
    context: Context, number: str, since: date | None, until: date | None, login: str | None, key: str | None
) -> None:
    r"""开志愿服务记录证明，只写已经入账的。 Issue a certificate of approved service.

    \b
    timebank certificate issue V0005 --as chen
    timebank certificate issue V0005 --since 2026-01-01 --until 2026-06-30 --as chen
    """
    act = context.act(login, key)
    period = Period(since, until or act.today)
    _tell_issued(context, context.do(lambda session: operations.issue(session, act, number=number, period=period)))


@group.command("replace")
@_NUMBER
@_REASON
@as_option
@key_option
@with_context
def replace(context: Context, certificate: str, reason: str, login: str | None, key: str | None) -> None:
    r"""换开一份同一时间段的证明，旧的指向新的。 Issue one anew for the same time.

    \b
    timebank certificate replace ZM2026-0001 --reason 名字写错 --as chen
    """
    act = context.act(login, key)

    def work(session: Session) -> dict[str, Any]:
        return operations.replace_certificate(
            session, act, certificate_id=_id_of(session, context, certificate), reason=reason
        )

    _tell_issued(context, context.do(work))


def _tell_issued(context: Context, told: dict[str, Any]) -> None:
    if context.as_json:
        document(told)
    number = told["number"]
    tell(
        f"✓ 已开出 {number}，核对码 {told['code']}。下一步：timebank certificate file {number}",
        f"✓ {number} is issued, code {told['code']}. Next: timebank certificate file {number}",
    )


def _id_of(session: Session, context: Context, certificate: str) -> UUID:
    return queries.certificate_by_number(session, context.community_id, certificate).certificate_id


@group.command("revoke")
@_NUMBER
@_REASON
@as_option
@key_option
@with_context
def revoke(context: Context, certificate: str, reason: str, login: str | None, key: str | None) -> None:
    r"""作废一份证书，由没有开它的另一位办。 Revoke a certificate that somebody else issued.

    \b
    timebank certificate revoke ZM2026-0001 --reason 记错了 --as li
    """
    act = context.act(login, key)

    def work(session: Session) -> int:
        which = _id_of(session, context, certificate)
        return operations.revoke(session, act, certificate_id=which, reason=reason)

    seq = context.do(work)
    if context.as_json:
        document({"entry": seq})
    tell("✓ 已作废，扫码的人会看到。", "✓ Revoked; whoever scans its code sees so.")


@group.command("list")
@click.option("--csv", "as_csv", is_flag=True, help="写成 CSV。 Write CSV.")
@with_context
def listed(context: Context, as_csv: bool) -> None:
    r"""开出的证书，新的在前。 The certificates, newest first.

    \b
    timebank certificate list
    timebank certificate list --csv > 证书.csv
    """
    found = context.look(lambda session: _standing(session, context.community_id))
    if context.as_json:
        document([_as_document(one) for one in found])
        return
    headings = words(
        ("编号", "Number"),
        ("志愿者", "Volunteer"),
        ("累计", "Total"),
        ("出具日期", "Issued"),
        ("状态", "State"),
        ("核对码", "Code"),
    )
    rows = [_row(one) for one in found]
    if as_csv:
        csv.writer(sys.stdout).writerows([headings, *rows])
        return
    table(headings, rows)
    tell(f"{len(found)} 份。", f"{len(found)} certificates.")


def _standing(session: Session, community_id: str) -> tuple[Certificate, ...]:
    return queries.standing(session, community_id, queries.certificates(session, community_id), day_of(clock.now()))


def _row(one: Certificate) -> tuple[str, ...]:
    return (
        one.number,
        one.volunteer_number,
        written_minutes(one.snapshot.total_minutes),
        one.issued_on.isoformat(),
        word(*STATES[one.state]),
        one.code,
    )


def _as_document(one: Certificate) -> dict[str, Any]:
    return {
        "number": one.number,
        "kind": one.kind.value,
        "code": one.code,
        "volunteer": one.volunteer_number,
        "minutes": one.snapshot.total_minutes,
        "level": one.snapshot.level,
        "issued_on": one.issued_on,
        "issuer": one.issuer,
        "state": one.state.value,
    }


@group.command("file")
@_NUMBER
@click.option("--output", type=click.Path(dir_okay=False, path_type=Path), default=None, help="写到哪里。 Where to.")
@click.option(
    "--at",
    "address",
    default="http://127.0.0.1:8000",
    metavar="URL",
    help="本社区的网址，印在证书上。 The site's address.",
)
@with_context
def file(context: Context, certificate: str, output: Path | None, address: str) -> None:
    r"""做出 PDF 文件。 Make the PDF file.

    \b
    timebank certificate file ZM2026-0001 --at https://example.org
    """
    found = context.look(lambda session: queries.certificate_by_number(session, context.community_id, certificate))
    made = pdf_of(words_of(found, f"{address.rstrip('/')}/v/{found.code}"), issued_at=found.issued_at)
    path = output or Path(f"{found.number}.pdf")
    path.write_bytes(made)
    tell(f"✓ 已写到 {path}。", f"✓ Written to {path}.")
