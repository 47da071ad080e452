"""Progress: on a terminal only, and only for what takes a while."""

import io
import time

import pytest

from timebank.cli import progress


class Terminal(io.StringIO):
    """An error stream that somebody watches."""

    def isatty(self):
        return True


@pytest.fixture
def quick(monkeypatch):
    """Ticks of ten milliseconds."""
    monkeypatch.setattr(progress, "_TICK_SECONDS", 0.01)


def watched(monkeypatch, stream, seconds):
    """Do something that takes a while, and return what the stream shows."""
    monkeypatch.setattr("sys.stderr", stream)
    with progress.working("正在记账", "posting"):
        time.sleep(seconds)
    return stream.getvalue()


class TestProgress:
    """experience.md 4.3: a line only on a terminal and only after a second."""

    def test_is_shown_and_wiped_on_a_terminal(self, monkeypatch, quick):
        shown = watched(monkeypatch, Terminal(), 0.2)

        assert "\r正在记账 … 0 秒" in shown
        assert shown.endswith("\r\033[K")

    def test_is_not_shown_for_what_is_done_at_once(self, monkeypatch):
        assert "" == watched(monkeypatch, Terminal(), 0)

    def test_is_not_shown_where_nobody_watches(self, monkeypatch, quick):
        assert "" == watched(monkeypatch, io.StringIO(), 0.1)

    def test_ends_with_what_it_accompanies(self, monkeypatch, quick):
        stream = Terminal()
        monkeypatch.setattr("sys.stderr", stream)

        with pytest.raises(ValueError, match="no"), progress.working("正在记账", "posting"):
            raise ValueError("no")

        before = stream.getvalue()
        time.sleep(0.05)
        assert before == stream.getvalue()
