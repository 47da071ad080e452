"""Command cards: what lies laminated at the till, so that a scanner is enough. Each is a code of its own kind."""

from dataclasses import dataclass
from typing import Any, Final

from flask_babel import lazy_gettext as _

from timebank.ledger.codes import Code, CodeKind


@dataclass(frozen=True, slots=True)
class Command:
    """A command of the till.

    Attributes:
        payload: what its card says; never given to another command, for the cards are laminated.
        name: as the page calls it.
        words: as it stands on the card.
        key: the key that does the same, empty where none does.
    """

    payload: int
    name: str
    words: Any
    key: str

    @property
    def code(self) -> Code:
        """The code of its card."""
        return Code(CodeKind.COMMAND, self.payload)


COMMANDS: Final = (
    Command(1, "confirm", _("确认"), "F9"),
    Command(2, "clear", _("取消"), "Esc"),
    Command(3, "drop", _("删除上一件"), "Delete"),
    Command(4, "park", _("挂单"), "F6"),
    Command(5, "undo", _("撤销上一单"), "F8"),
    Command(6, "lock", _("锁定"), "F7"),
    Command(7, "print", _("打印小票"), "F3"),
    Command(8, "demand", _("记下缺货"), "F5"),
    *(Command(10 + pieces, f"pieces-{pieces}", _("数量 %(pieces)s", pieces=pieces), "") for pieces in range(2, 7)),
)


def names_by_code() -> dict[str, str]:
    """Return what each card means, by its twenty digits."""
    return {command.code.digits: command.name for command in COMMANDS}
