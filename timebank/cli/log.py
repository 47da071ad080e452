"""`timebank log`: the log's key, its change, and going on from a restored backup."""

import click

from timebank import chance, clock
from timebank.cli.context import Context, as_option, with_context
from timebank.cli.output import document, tell
from timebank.evidence import keys as log_keys
from timebank.evidence import operations
from timebank.ledger.merkle import TreeHead
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.web import log_keeper


class KeyComesFromSetting(Refusal):
    """The key comes from the environment; it can only be changed there."""

    code = "key_comes_from_setting"


@click.group("log")
def group() -> None:
    r"""账本的签名钥匙和恢复。 The log's key, and recovery.

    \b
    timebank log key
    timebank log change-key --as admin
    timebank log recover --reason "磁盘损坏，恢复到昨晚备份" --as admin
    """


@group.command("key")
@with_context
def key(context: Context) -> None:
    r"""显示账本的公钥。 Show the public key of the log.

    \b
    timebank log key
    """
    keys = log_keeper.keys_of(context.settings)
    if context.as_json:
        known = [str(log.key) for log in keys.logs(context.community_id)]
        document({"log": keys.origin(context.community_id), "key": known[0], "earlier": known[1:]})
        return
    click.echo(str(keys.verifier(context.community_id)))


@group.command("change-key")
@as_option
@with_context
def change_key(context: Context, login: str | None) -> None:
    r"""换一把签名钥匙；旧的签名仍能核对。 Change the key; what the old one signed stays verifiable.

    \b
    timebank log change-key --as admin
    """
    settings = context.settings
    if settings.log_key_text is not None:
        raise KeyComesFromSetting()
    keys = log_keeper.keys_of(settings)
    changed = keys.followed_by(chance.fresh_salt())
    act = context.act(login)
    new = str(changed.verifier(context.community_id))
    seq = context.do(lambda session: operations.announce_key(session, act, key=new))
    # The old key signs the announcement of the new one, in every log of the installation; only then is it put away.
    signed(context, context.community_id)
    for other in _other_communities(context):
        _announced(context, other, str(changed.verifier(other)))
    log_keys.replace_keys(settings.data_folder, changed)
    if context.as_json:
        document({"entry": seq, "key": new})
        return
    tell(
        f"✓ 新钥匙已记入第 {seq} 笔，从现在起用它签名。请印在下一期公示上：",
        f"✓ The new key is announced in entry {seq} and signs from now on. For the next notice:",
    )
    click.echo(new)


def _other_communities(context: Context) -> tuple[str, ...]:
    known = context.look(people.communities)
    return tuple(one.id for one in known if one.id != context.community_id)


def _announced(context: Context, community_id: str, new: str) -> None:
    act = log_keeper.system_act(community_id, clock.now())
    context.do(lambda session: operations.announce_key(session, act, key=new))
    signed(context, community_id)


def signed(context: Context, community_id: str) -> None:
    """Check and sign the log of a community; what is wrong is raised."""
    kept = log_keeper.keep(context.engine, log_keeper.signer_of(context.settings), community_id, clock.now())
    if kept.damage is not None:
        raise kept.damage


@group.command("recover")
@click.option("--reason", required=True, help="为什么恢复，写清楚。 Why, in words.")
@as_option
@with_context
def recover(context: Context, reason: str, login: str | None) -> None:
    r"""恢复备份以后，核对全部账目，写明情况，再继续。 After a restored backup: check all, write it down, go on.

    \b
    timebank log recover --reason "磁盘损坏，恢复到昨晚备份" --as admin
    """
    act, signer = context.act(login), log_keeper.signer_of(context.settings)
    origin = signer.keys.origin(context.community_id)
    last = signer.memory.find(origin)
    size, root = (last.size, last.root.hex()) if last else (None, None)
    there = context.do(
        lambda session: operations.recover(session, act, signed_size=size, signed_root=root, reason=reason)
    )
    restored = TreeHead(there["size"], bytes.fromhex(there["root"]))
    signer.memory.swap(origin, expected=last, new=restored)
    signed(context, context.community_id)
    if context.as_json:
        document(there)
        return
    tell(
        f"✓ 核对过 {there['size']:,} 笔，已把恢复的情况记入第 {there['entry']} 笔。",
        f"✓ {there['size']:,} entries were checked; the recovery is written down in entry {there['entry']}.",
    )
    tell("请告诉每一位见证人：他们上次见到的可能更多。", "Tell every witness: they may have seen more than this.")
