"""`timebank star recommend|results`: stars that the level above grants."""

from pathlib import Path
from uuid import UUID

import click
from sqlalchemy.orm import Session

from timebank.certificates.operations import certify_after
from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, tell
from timebank.imports.reading import read_table
from timebank.refusal import Refusal
from timebank.stars import queries
from timebank.stars.operations import recommending
from timebank.stars.queries import notices
from timebank.stars.rules import results


class NoOpenCase(Refusal):
    """No star of this volunteer waits for a decision."""

    code = "no_such_open_case"


def open_cases_of(session: Session, community_id: str, numbers: tuple[str, ...]) -> tuple[UUID, ...]:
    """Return the open cases of these volunteers, or all of them."""
    waiting = {award.number: award.award_id for award in queries.open_cases(session, community_id)}
    missing = [number for number in numbers if number not in waiting]
    if missing or not waiting:
        raise NoOpenCase(volunteers=[*missing])
    return tuple(waiting[number] for number in numbers) if numbers else tuple(waiting.values())


@click.command("recommend")
@click.argument("numbers", metavar="V0005...", nargs=-1, required=True)
@click.option("--to", "to", required=True, metavar="TEXT", help="推荐给谁。 To whom.")
@as_option
@key_option
@with_context
def recommend(context: Context, numbers: tuple[str, ...], to: str, login: str | None, key: str | None) -> None:
    r"""公示期满后推荐给上级评定。 Recommend stars to the level above, after their notice.

    \b
    timebank star recommend V0005 V0012 --to 街道志愿者协会 --as chen
    """
    act = context.act(login, key)

    def work(session: Session) -> int:
        award_ids = open_cases_of(session, context.community_id, numbers)
        return recommending.recommend(session, act, award_ids=award_ids, to=to)

    count = context.do(work)
    if context.as_json:
        document({"recommended": count})
    tell(
        f"✓ 已推荐 {count} 个给{to}。结果回来以后：timebank star results 名单.xlsx --as 另一位",
        f"✓ {count} recommended to {to}. When the answers are back: timebank star results FILE --as somebody-else",
    )


@click.command("results")
@click.argument("file", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@as_option
@key_option
@with_context
def from_file(context: Context, file: Path, login: str | None, key: str | None) -> None:
    r"""登记上级的结果：填好的名单，整份登记或一行都不登记。 Record the answers from above, all or none.

    \b
    timebank star results 名单.xlsx --as li
    """
    act = context.act(login, key)
    table = read_table(file.name, file.read_bytes())
    lines = results.lines_of(table.headings, [(row.line, row.cells) for row in table.rows])

    def work(session: Session) -> dict[str, object]:
        outcomes = results.outcomes_of(lines, notices.open_cases_noticed(session, context.community_id, act.today))
        told = recommending.record_outcomes(session, act, outcomes=outcomes)
        certify_after(session, act, [one.award_id for one in outcomes])
        return told

    answer = context.do(work)
    if context.as_json:
        document(answer)
    tell(
        f"✓ 已登记：通过 {answer['granted']} 个，未通过 {answer['refused']} 个。下一步：timebank star list",
        f"✓ Recorded: {answer['granted']} granted, {answer['refused']} not. Next: timebank star list",
    )


COMMANDS = (recommend, from_file)
"""What the group `star` has for the level above."""
