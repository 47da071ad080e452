"""`timebank objection`: doubts about lines of a passbook: taken for whoever comes to the desk, and answered."""

from datetime import date

import click

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, words
from timebank.service import queries
from timebank.service.operations import objecting
from timebank.web import presenting


@click.group("objection")
def group() -> None:
    r"""异议：对哪一笔有疑问，谁来答复。 Objections to lines of a passbook.

    \b
    timebank objection add V0005 --line 42 --text 少记了一小时 --as chen
    timebank objection list
    timebank objection answer Y-261120-1 --text 已更正 --corrected --as li
    """


@group.command("add")
@click.argument("volunteer", metavar="V0005")
@click.option("--line", type=click.IntRange(1), default=None, help="凭证号；少了一笔就不写。 Number of the entry.")
@click.option("--text", required=True, help="哪里不对。 What is wrong.")
@as_option
@key_option
@with_context
def add(context: Context, volunteer: str, line: int | None, text: str, login: str | None, key: str | None) -> None:
    r"""代志愿者提出异议。 Take an objection for a volunteer.

    \b
    timebank objection add V0005 --line 42 --text 少记了一小时 --as chen
    """
    act = context.act(login, key)
    told = context.do(
        lambda session: objecting.object_to_line(session, act, volunteer_number=volunteer, entry_seq=line, text=text)
    )
    if context.as_json:
        document(told)
    due_on = presenting.day(date.fromisoformat(told["due_on"]))
    tell(f"✓ 编号 {told['number']}，{due_on}前答复。", f"✓ Number {told['number']}, answered by {told['due_on']}.")


@group.command("list")
@with_context
def listed(context: Context) -> None:
    r"""等答复的异议，先到期的在前。 Objections that wait for an answer.

    \b
    timebank objection list
    """
    found = context.look(lambda session: queries.objections_open(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("志愿者", "Volunteer"), ("凭证", "Entry"), ("最迟", "Due"), ("内容", "Text"))
    table(headings, [(one.number, one.volunteer_number, one.entry_seq or "", one.due_on, one.text) for one in found])


@group.command("answer")
@click.argument("number", metavar="NUMBER")
@click.option("--text", required=True, help="答复。 The answer.")
@click.option("--corrected/--kept", default=False, help="已更正，还是原来就对。 Put right, or right already.")
@as_option
@key_option
@with_context
def answer(context: Context, number: str, text: str, corrected: bool, login: str | None, key: str | None) -> None:
    r"""答复一件异议。 Answer an objection.

    \b
    timebank objection answer Y-261120-1 --text 已更正 --corrected --as li
    """
    act = context.act(login, key)
    context.do(
        lambda session: objecting.answer_line_objection(session, act, number=number, answer=text, corrected=corrected)
    )
    tell(f"✓ {number} 已答复。", f"✓ {number} is answered.")
