"""`timebank training`: trainings that volunteers attended; recorded by one, approved by another."""

from datetime import date
from uuid import UUID

import click

from timebank.cli.context import Context, as_option, key_option, with_context
from timebank.cli.kinds import DAY, MINUTES
from timebank.cli.output import document, table, tell, word, words
from timebank.people.operations import training as operations
from timebank.people.queries import training as queries
from timebank.people.training_rules import NewTraining, TrainingState
from timebank.web import presenting

LISTED = 200
STATES = {
    TrainingState.OPEN: ("等通过", "waiting"),
    TrainingState.APPROVED: ("已通过", "approved"),
    TrainingState.REJECTED: ("已退回", "rejected"),
}


@click.group("training")
def group() -> None:
    r"""培训：一位登记，另一位通过。 Trainings: recorded by one, approved by another.

    \b
    timebank training record V0005 V0006 --course 急救 --organiser 红十字会 --on 2026-11-20 --time 3小时 --as chen
    timebank training list
    timebank training approve 0199… --as li
    """


@group.command("record")
@click.argument("numbers", metavar="V0005 …", nargs=-1, required=True)
@click.option("--course", required=True, help="培训名称。 Name of the training.")
@click.option("--organiser", required=True, help="主办单位。 Who held it.")
@click.option("--on", "trained_on", type=DAY, required=True, help="日期。 Day.")
@click.option("--time", "minutes", type=MINUTES, required=True, help="时长。 Length.")
@click.option("--content", default="", help="主要内容。 What it was about.")
@as_option
@key_option
@with_context
def record(
    context: Context,
    numbers: tuple[str, ...],
    course: str,
    organiser: str,
    trained_on: date,
    minutes: int,
    content: str,
    login: str | None,
    key: str | None,
) -> None:
    r"""登记谁参加了一次培训，等另一位通过。 Record who attended a training; another person approves.

    \b
    timebank training record V0005 V0006 --course 急救 --organiser 红十字会 --on 2026-11-20 --time 3小时 --as chen
    """
    act = context.act(login, key)
    new = NewTraining(course=course, organiser=organiser, trained_on=trained_on, minutes=minutes, content=content)
    answer = context.do(lambda session: operations.record_training(session, act, training=new, numbers=numbers))
    if context.as_json:
        document(answer)
    ids = " ".join(answer["trainings"])
    tell(
        f"✓ 已登记 {len(answer['trainings'])} 位。下一步：timebank training approve {ids} --as 另一位",
        f"✓ {len(answer['trainings'])} recorded. Next: timebank training approve {ids} --as somebody-else",
    )


@group.command("list")
@click.argument("number", default="")
@with_context
def listed(context: Context, number: str) -> None:
    r"""等通过的和办过的；写编号就看一位的。 What waits and what was decided; with a number, one volunteer's.

    \b
    timebank training list
    timebank training list V0005
    """
    community = context.community_id
    found = context.look(
        lambda session: (
            queries.training_records_of(session, community, number)
            if number
            else (
                *queries.trainings_waiting(session, community),
                *queries.trainings_decided(session, community, limit=LISTED),
            )
        )
    )
    if context.as_json:
        document(list(found))
        return
    headings = words(("编号", "Id"), ("志愿者", "Volunteer"), ("培训", "Training"), ("日期", "Day"), ("时长", "Length"))
    rows = [
        (
            one.training_id,
            one.number,
            one.course,
            one.trained_on,
            presenting.duration(one.minutes),
            word(*STATES[one.state]),
        )
        for one in found
    ]
    table([*headings, word("状态", "State")], rows)


@group.command("approve")
@click.argument("trainings", metavar="ID …", type=click.UUID, nargs=-1, required=True)
@as_option
@key_option
@with_context
def approve(context: Context, trainings: tuple[UUID, ...], login: str | None, key: str | None) -> None:
    r"""通过别人登记的培训。 Approve what somebody else recorded.

    \b
    timebank training approve 0199… --as li
    """
    act = context.act(login, key)
    count = context.do(lambda session: operations.approve_trainings(session, act, training_ids=trainings))
    if context.as_json:
        document({"approved": count})
    tell(f"✓ 通过 {count} 条。", f"✓ {count} approved.")


@group.command("reject")
@click.argument("training", metavar="ID", type=click.UUID)
@click.option("--reason", required=True, metavar="TEXT", help="原因。 Why.")
@as_option
@key_option
@with_context
def reject(context: Context, training: UUID, reason: str, login: str | None, key: str | None) -> None:
    r"""退回一条培训记录，不算数。 Reject a training; it does not count.

    \b
    timebank training reject 0199… --reason 没有来 --as li
    """
    act = context.act(login, key)
    context.do(lambda session: operations.reject_training(session, act, training_id=training, reason=reason))
    tell("✓ 已退回。", "✓ Rejected.")
