"""All commands of `timebank`, by noun: where each of them lies. One is loaded when it is asked for."""

from typing import Final

COMMANDS: Final[dict[str, str]] = {
    "demo": "demo.command",
    "init": "init.command",
    "serve": "serve.command",
    "doctor": "doctor.command",
    "bench": "bench.command",
    "upgrade": "doctor.upgrade",
    "backup": "backup.command",
    "staff": "staff.group",
    "token": "token.group",
    "volunteer": "volunteer.group",
    "import": "import_files.group",
    "batch": "batch.group",
    "activity": "activity.group",
    "hours": "hours.group",
    "training": "training.group",
    "star": "star.group",
    "pool": "pool.group",
    "redeem": "redeem.command",
    "undo": "redeem.undo",
    "stock": "stock.stock",
    "shop": "stock.shop",
    "passbook": "passbook.command",
    "balance": "balance.command",
    "verify": "verify.command",
    "export": "export.group",
    "trail": "trail.command",
    "rules": "rules.group",
    "nightly": "nightly.command",
    "checkpoint": "checkpoint.command",
    "receipt": "receipt.command",
    "log": "log.group",
    "witness": "witness.group",
}
"""The module of each command within this package, and its name there; in the order in which `--help` lists them."""
