"""Files on their way in: cut off half-way, or with no room left to put them (trust.md I18, I22)."""

import io
import tempfile
from pathlib import Path

import pytest

from tests.web.sites import said

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])

LARGE = b"x" * 2_000_000
"""More than is kept in memory: it is put aside in a file without a name."""
BOUNDARY = "a-boundary"
OPEN_FILES = Path("/proc/self/fd")
NO_ROOM = Path("/dev/full")


def _form(token):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n{token}\r\n'
    head += f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    return head.encode() + LARGE + f"\r\n--{BOUNDARY}--\r\n".encode()


def _put_aside():
    """The files without a name that this process holds open."""
    found = (str(one.readlink()) for one in OPEN_FILES.iterdir() if one.is_symlink())
    return sorted(name for name in found if name.startswith(tempfile.gettempdir()) and name.endswith("(deleted)"))


@pytest.mark.skipif(not OPEN_FILES.exists(), reason="there is no list of open files here")
class TestCutOff:
    """I18: nothing of an upload that breaks off is left, and whoever comes next is served."""

    def test_nothing_is_left_and_the_next_one_is_served(self, site):
        li = site.visitor("li")
        body, before, aside = _form(li.token), site.state(), _put_aside()

        answer = li.client.post(
            "/imports",
            input_stream=io.BytesIO(body[:1_000_000]),
            content_length=len(body),
            content_type=f"multipart/form-data; boundary={BOUNDARY}",
            buffered=True,
        )

        assert 400 == answer.status_code
        assert aside == _put_aside()
        assert before == site.state()
        assert 200 == li.get("/imports").status_code


@pytest.mark.skipif(not NO_ROOM.exists(), reason="there is no full device here")
class TestNoRoomLeft:
    """I22: 507, nothing partial, and it works again once there is room."""

    @pytest.fixture
    def full(self, monkeypatch):
        """Whatever is put aside goes to a device that is full."""
        monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_how, **_more: NO_ROOM.open("w+b", buffering=0))

    def _post(self, visitor):
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return visitor.client.post("/imports", data=_form(visitor.token), content_type=kind, buffered=True)

    def test_is_told_and_nothing_is_kept(self, site, full, monkeypatch):
        li, before = site.visitor("li"), site.state()

        answer = self._post(li)

        assert 507 == answer.status_code
        assert "磁盘满了，没有接收，什么都没有保存" in said(answer)
        assert before == site.state()
        monkeypatch.undo()
        assert 507 != self._post(li).status_code
