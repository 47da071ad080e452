"""`timebank waiting`: who waits for goods that have run out, in the order of joining."""

import click

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.output import document, table, tell, words
from timebank.market import operations, queries


@click.group("waiting")
def group() -> None:
    r"""排队：换完的物品按登记先后留货。 The waiting list, in the order of joining.

    \b
    timebank waiting list
    timebank waiting join V0005 G0003 --pieces 1 --as zhao
    timebank waiting turns --as zhao
    """


@group.command("list")
@with_context
def line(context: Context) -> None:
    r"""现在谁在排队。 Who waits now.

    \b
    timebank waiting list
    """
    found = context.look(lambda session: queries.waiting_list(session, context.community_id))
    if context.as_json:
        document(found)
        return
    headings = words(("编号", "Number"), ("物品", "Good"), ("第几位", "Place"), ("志愿者", "Volunteer"))
    table(headings, [(one.number, one.good_number, one.place, one.volunteer_number) for one in found], numbers=[2])


@group.command("join")
@click.argument("volunteer", metavar="V0005")
@click.argument("good", metavar="G0003")
@click.option("--pieces", type=click.IntRange(1, 99), default=1, show_default=True, help="几件。 How many.")
@as_option
@key_option
@with_context
def join(context: Context, *, volunteer: str, good: str, pieces: int, login: str | None, key: str | None) -> None:
    r"""替人登记排队。 Let somebody wait for a good that has run out.

    \b
    timebank waiting join V0005 G0003 --pieces 1 --as zhao
    """
    act = context.act(login, key)
    answer = context.do(
        lambda session: operations.join_waiting(
            session, act, volunteer_number=volunteer, good_number=good, pieces=pieces
        )
    )
    if context.as_json:
        document(answer)
    number, place = answer["number"], answer["place"]
    tell(f"✓ 已排队 {number}，第 {place} 位。", f"✓ Waiting as {number}, place {place}.")


@group.command("leave")
@click.argument("number", metavar="Q000001")
@as_option
@key_option
@with_context
def leave(context: Context, number: str, login: str | None, key: str | None) -> None:
    r"""不再排队。 Wait no more.

    \b
    timebank waiting leave Q000001 --as zhao
    """
    act = context.act(login, key)
    context.do(lambda session: operations.leave_waiting(session, act, waiting_number=number))
    tell(f"✓ {number} 不再排队。", f"✓ {number} waits no more.")


@group.command("turns")
@as_option
@key_option
@with_context
def turns(context: Context, login: str | None, key: str | None) -> None:
    r"""到货了：按先后给排队的人留货。 Put aside what has come, in the order of joining.

    \b
    timebank waiting turns --as zhao
    """
    act = context.act(login, key)
    answer = context.do(lambda session: operations.give_turns(session, act))
    if context.as_json:
        document(answer)
    count = len(answer["reservations"])
    tell(f"✓ 轮到 {count} 位，已留货，请通知。", f"✓ {count} have their turn; please tell them.")
