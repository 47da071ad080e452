"""A process that does one request whenever it is told to, each in a child that somebody may kill at any call.

It has loaded everything before, so that a child costs a hundredth of a second. It reads lines `request place`, forks,
lets strace kill the child as it enters that call (no strace for place 0), and says `killed` or `done`.
With `own-sqlite` it works with Python's own SQLite, which on older systems must not use a write-ahead log.
"""

import os
import signal
import subprocess
import sys
from typing import Any

if "own-sqlite" in sys.argv:
    sys.modules["pysqlite3"] = None  # type: ignore[assignment]  # the import then fails, as where it is not installed

from tests.books import tills
from timebank.database import new_engine

CALLS = "write,pwrite64,writev,pwritev,fsync,fdatasync,unlink,unlinkat,rename,renameat,renameat2,ftruncate,truncate"
"""Every call by which something on a disk changes, or is made to stay."""

REQUESTS: dict[str, tuple[Any, dict[str, Any]]] = {
    "award": (tills.award, {"owner": tills.OWNER, "amount": 7}),
    "batch": (tills.award_many, {"owners": 30, "amount": 7}),
    "redeem": (tills.redeem, {"owner": tills.OWNER, "amount": 10, "pieces": 1}),
    "refused": (tills.redeem, {"owner": tills.OWNER, "amount": 10_000}),
    "capture": (tills.capture, {"hold_seq": 3}),
    "reverse": (tills.reverse, {"seq": 1}),
    "close": (tills.close_period, {}),
}
"""What is asked, over books in which entry 3 is a hold."""


def ask(url, request):
    """Make the request, as any caller would, until it is answered."""
    operation, asked = REQUESTS[request]
    engine = new_engine(url)
    try:
        return tills.answer(engine, operation, f"killed-in-{request}", **asked)
    finally:
        engine.dispose()


def child(url, request, place):
    """Make the request in a child; tell how it ended."""
    waiting, start = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.read(waiting, 1)
        ask(url, request)
        os._exit(0)
    tracer = _killer(pid, place) if place else None
    os.write(start, b"!")
    _, status = os.waitpid(pid, 0)
    for end in (waiting, start):
        os.close(end)
    if tracer is not None:
        tracer.communicate()
    return "killed" if os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL else "done"


def _killer(pid, place):
    injected = f"inject={CALLS}:signal=KILL:when={place}"
    command = ["strace", "-p", str(pid), "-e", f"trace={CALLS}", "-e", injected, "-o", os.devnull]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    said = tracer.stderr.readline()
    assert "attached" in said, said
    return tracer


if __name__ == "__main__":
    for line in sys.stdin:
        which, at = line.split()
        sys.stdout.write(f"{child(sys.argv[1], which, int(at))}\n")
        sys.stdout.flush()
