"""`timebank verify`: read everything again at one moment, say what is wrong, and keep what was found."""

import click

from timebank import schema
from timebank.audit import operations as audit
from timebank.audit.verification import Report, examine
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, pairs, table, tell, word, words
from timebank.cli.progress import working
from timebank.ledger.checks import Finding
from timebank.web.words import FINDING_WORDS

EXIT_INTEGRITY = 6


@click.command("verify")
@as_option
@key_option
@with_context
def command(context: Context, login: str | None, key: str | None) -> None:
    r"""核对整本账：借贷、余额链、指纹、记录、规则重算、数据库约束。 Verify the books; exit code 6 on findings.

    \b
    timebank verify
    timebank verify --as sun
    timebank verify --json
    """
    act = context.act(login, key) if login else context.act_of_system(key)
    with context.engine.connect() as connection:
        missing = schema.missing_guards(connection)
    with working("正在核对", "verifying"):
        report = context.look(lambda snapshot: examine(snapshot, context.community_id, missing))
    context.do(lambda session: audit.keep_verification(session, act, report=report))
    if context.as_json:
        document({"sound": report.sound, **_as_document(report)})
    else:
        _tell(report)
    if not report.sound:
        tell(
            f"✗ 发现 {report.findings_total} 处问题。请立即停止兑换，保留现场，并联系管理员。",
            f"✗ {report.findings_total} findings. Stop redeeming, change nothing, and call the administrator.",
        )
        click.get_current_context().exit(EXIT_INTEGRITY)
    tell(
        f"✓ 账平：借方 = 贷方，链完整（{report.size:,} 笔）。下一步：timebank export journal --format hledger",
        f"✓ Balanced, chain intact ({report.size:,} entries). Next: timebank export journal --format hledger",
    )


def _as_document(report: Report) -> dict[str, object]:
    return {
        "size": report.size,
        "root": report.root,
        "findings_total": report.findings_total,
        "findings": [
            {"check": finding.check, "subject": finding.subject, "facts": dict(finding.facts)}
            for finding in report.findings
        ],
    }


def _tell(report: Report) -> None:
    pairs(
        [
            (word("凭证", "Entries"), f"{report.size:,}"),
            (word("根指纹", "Root"), report.root),
            (word("问题", "Findings"), report.findings_total),
        ]
    )
    if report.findings:
        headings = words(("哪里", "Where"), ("问题", "What"), ("细节", "Facts"))
        table(headings, [_row(finding) for finding in report.findings])


def _row(finding: Finding) -> tuple[str, ...]:
    facts = "，".join(f"{name}={value}" for name, value in finding.facts.items())
    return finding.subject, word(*FINDING_WORDS.get(finding.check, (finding.check, finding.check))), facts
