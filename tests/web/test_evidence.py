"""Anybody can check the books: the proof page, a code on paper, a receipt file. Names are never shown."""

import io
from datetime import timedelta

import pytest

from tests.builders import NOON
from tests.evidence.builders import KEYS, XFL, AWitness, a_signer, a_system_act, grown
from tests.evidence.sites import a_site
from tests.people.builders import open_the_community
from timebank import clock
from timebank.books.log import alarm
from timebank.books.log.alarm import Check
from timebank.database import db, reading, writing
from timebank.evidence import operations, receipts
from timebank.evidence.signing import EntryAltered
from timebank.ledger.checkpoint import open_checkpoint
from timebank.ledger.codes import document_code
from timebank.ledger.merkle import leaf_hash, tree_head
from timebank.ledger.note import parse_note
from timebank.ledger.tiles import tiles_of
from timebank.ledger.witness_request import parse_witness_request
from timebank.web import log_keeper

HOLDER = "街道办事处"


@pytest.fixture
def site(database, tmp_path):
    """The application over a community with a few entries."""
    open_the_community(database.engine)
    grown(database.engine, 5)
    app = a_site(database, tmp_path)
    yield app
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visitor(site):
    return site.test_client()


def keep(database, folder):
    return log_keeper.keep(database.engine, a_signer(folder), XFL, NOON).head


def code_of(database, seq):
    with reading(database.engine) as session:
        return receipts.code_of(session, XFL, seq)


def witnessed(database, folder, at=NOON):
    """Let a registered witness see the newest head."""
    witness = AWitness()
    with writing(database.engine) as session:
        operations.add_witness(session, a_system_act(), key=str(witness.key), holder=HOLDER)
    head = keep(database, folder)
    with writing(database.engine) as session:
        operations.take_cosignatures(session, XFL, raw=witness.cosigned(head, at), keys=KEYS, at=at)
    return head


def text_of(answer):
    return answer.get_data(as_text=True)


class TestTheProofPage:
    """Issue: public, in plain Chinese: everything issued is somewhere; who signed, who witnessed."""

    def test_adds_up_and_shows_the_head(self, database, visitor, tmp_path):
        head = keep(database, tmp_path)

        page = text_of(visitor.get("/proof"))

        assert "对得上" in page
        assert all(line in page for line in head.note.text.splitlines())
        assert str(KEYS.verifier(XFL)) in page

    def test_warns_when_nobody_has_ever_witnessed(self, database, visitor, tmp_path):
        keep(database, tmp_path)

        page = text_of(visitor.get("/proof"))

        assert "还没有外人见证过这本账" in page
        assert "8 天没有人见证了" not in page

    def test_warns_when_nobody_has_witnessed_for_eight_days(self, database, visitor, tmp_path):
        longest = timedelta(days=8)
        witnessed(database, tmp_path, clock.now() - longest - timedelta(seconds=1))

        assert "8 天没有人见证了" in text_of(visitor.get("/proof"))

    def test_does_not_warn_while_somebody_came_within_eight_days(self, database, visitor, tmp_path):
        witnessed(database, tmp_path, clock.now() - timedelta(days=8) + timedelta(hours=1))

        assert "8 天没有人见证了" not in text_of(visitor.get("/proof"))

    def test_shows_who_witnessed_what(self, database, visitor, tmp_path):
        head = witnessed(database, tmp_path)

        page = text_of(visitor.get("/proof"))

        assert HOLDER in page
        assert f"见过前 {head.size} 笔" in page

    def test_is_there_before_anything_was_signed(self, visitor):
        page = visitor.get("/proof")

        assert 200 == page.status_code
        assert "还没有签过名" in text_of(page)

    def test_says_so_where_it_does_not_add_up(self, database, visitor):
        database.meddle(
            "UPDATE line SET amount = amount + 100, delta = delta + 100, closing = closing + 100 WHERE closing > 100"
        )

        assert "对不上！" in text_of(visitor.get("/proof"))

    def test_does_not_say_that_all_is_well_because_the_sums_are_equal(self, database, visitor):
        with writing(database.engine) as session:
            alarm.note_check(session, XFL, Check.LOG, at=NOON, size=5, damage=EntryAltered(seq=3))

        page = text_of(visitor.get("/proof"))

        assert "对得上：" not in page
        assert "合计相等，逐笔核对却发现有问题" in page


class TestACodeOnPaper:
    """`/v/<code>`: checked by anyone without login, showing only what the paper shows."""

    def test_shows_the_entry_and_who_stands_behind_it(self, database, visitor, tmp_path):
        witnessed(database, tmp_path)

        page = text_of(visitor.get(f"/v/{code_of(database, 4).digits}"))

        assert "账上有这一笔" in page
        assert "没有改过" in page
        assert HOLDER in page

    def test_shows_no_number_of_a_person(self, database, visitor, tmp_path):
        keep(database, tmp_path)

        page = text_of(visitor.get(f"/v/{code_of(database, 6).digits}"))

        assert "志愿服务" in page
        assert "V000" not in page
        assert "S001" not in page

    def test_that_is_not_signed_yet_says_so(self, database, visitor):
        assert "还没有签名" in text_of(visitor.get(f"/v/{code_of(database, 4).digits}"))

    def test_is_found_from_the_form_with_spaces(self, database, visitor):
        answer = visitor.get("/v", query_string={"code": code_of(database, 4).grouped})

        assert (302, f"/v/{code_of(database, 4).digits}") == (answer.status_code, answer.headers["Location"])

    def test_mistyped_says_what_to_do(self, visitor):
        for typed in ("5", "90000000000000000001", "abc", "9" * 200):
            page = visitor.get("/v", query_string={"code": typed})

            assert 200 == page.status_code
            assert "20 位" in text_of(page)
            assert 409 == visitor.get(f"/v/{typed}").status_code

    def test_of_nothing_is_not_found(self, database, visitor):
        code = document_code(99, leaf_hash(b""))

        answer = visitor.get(f"/v/{code.digits}")

        assert 404 == answer.status_code
        assert "查不到" in text_of(answer)

    def test_of_an_entry_that_was_changed_is_an_alarm(self, database, visitor):
        other = document_code(4, leaf_hash(b"another"))

        answer = visitor.get(f"/v/{other.digits}")

        assert 409 == answer.status_code
        assert "对不上" in text_of(answer)


class TestAReceiptFile:
    """The `.tlog-proof` file: taken away, brought back, checked."""

    def test_that_was_taken_away_is_true_when_it_comes_back(self, database, visitor, tmp_path):
        keep(database, tmp_path)
        taken = visitor.get(f"/v/{code_of(database, 4).digits}/receipt.tlog-proof")

        page = send(visitor, taken.data)

        assert 200 == taken.status_code
        assert "没有改过" in text_of(page)

    def test_that_is_not_there_yet_says_so(self, database, visitor):
        assert 409 == visitor.get(f"/v/{code_of(database, 4).digits}/receipt.tlog-proof").status_code

    def test_that_is_damaged_is_told_in_one_sentence(self, visitor):
        for raw in (b"", b"nonsense", b"\xff\x00", b"c2sp.org/tlog-proof@v1\n", b"a" * 400_000):
            answer = send(visitor, raw)

            assert 409 == answer.status_code
            assert 'role="alert"' in text_of(answer)

    def test_that_was_changed_is_refused(self, database, visitor, tmp_path):
        keep(database, tmp_path)
        taken = visitor.get(f"/v/{code_of(database, 4).digits}/receipt.tlog-proof").data

        assert 409 == send(visitor, taken.replace(b"index 3", b"index 2")).status_code


def send(visitor, raw):
    visitor.application.config["WTF_CSRF_ENABLED"] = False
    return visitor.post("/v", data={"receipt": (io.BytesIO(raw), "receipt.tlog-proof")})


class TestTheLogAsFiles:
    """C2SP tlog-tiles under /log/<community>: cacheable for ever, the checkpoint for a moment."""

    def test_a_stranger_rebuilds_the_tree_from_them(self, database, visitor, tmp_path):
        grown(database.engine, 300)
        keep(database, tmp_path)

        note = parse_note(visitor.get("/log/xfl/checkpoint").data)
        checkpoint = open_checkpoint(note, KEYS.logs(XFL)[0])
        leaves = [leaf for tile in tiles_of(checkpoint.size) if tile.level == 0 for leaf in bundle_of(visitor, tile)]

        assert checkpoint.head == tree_head(leaf_hash(leaf) for leaf in leaves)
        for tile in tiles_of(checkpoint.size):
            hashes = visitor.get(f"/log/xfl/tile/{tile.level}/{tile.name}")
            assert 32 * tile.width == len(hashes.data)
            assert "immutable" in hashes.headers["Cache-Control"]

    def test_names_never_appear_in_them(self, database, visitor, tmp_path):
        head = witnessed(database, tmp_path)

        bundle = visitor.get(f"/log/xfl/tile/entries/000.p/{head.size}").data.decode(errors="replace")

        for name in ("陈主任", HOLDER):
            assert name not in bundle

    def test_the_checkpoint_is_kept_for_a_moment_only(self, database, visitor, tmp_path):
        keep(database, tmp_path)

        answer = visitor.get("/log/xfl/checkpoint")

        assert "public, max-age=5" == answer.headers["Cache-Control"]
        assert "text/plain; charset=utf-8" == answer.headers["Content-Type"]

    def test_what_is_not_there_is_not_found(self, database, visitor, tmp_path):
        keep(database, tmp_path)
        for address in (
            "/log/other/checkpoint",
            "/log/xfl/tile/0/000",
            "/log/xfl/tile/0/000.p/0",
            "/log/xfl/tile/0/000.p/200",
            "/log/xfl/tile/0/000.p/256",
            "/log/xfl/tile/9/000.p/1",
            "/log/xfl/tile/1/000.p/1",
            "/log/xfl/tile/0/0",
            "/log/xfl/tile/entries/000",
            "/log/xfl/tile/entries/x000/000.p/1",
            "/log/xfl/tile/x/000",
            "/log/other/tile/0/000.p/1",
            "/log/other/for-witness/0",
        ):
            assert 404 == visitor.get(address).status_code, address

    def test_the_key_is_there_for_the_notice(self, visitor):
        assert f"{KEYS.verifier(XFL)}\n" == text_of(visitor.get("/log/xfl/key"))


def bundle_of(visitor, tile):
    content = visitor.get(f"/log/xfl/tile/entries/{tile.name}").data
    while content:
        length = int.from_bytes(content[:2], "big")
        yield content[2 : 2 + length]
        content = content[2 + length :]


class TestWitnessesByWire:
    """A witness fetches head and proof and hands the cosignature back."""

    def test_the_request_starts_from_what_they_saw(self, database, visitor, tmp_path):
        keep(database, tmp_path)
        grown(database.engine, 5)
        keep(database, tmp_path)

        request = parse_witness_request(visitor.get("/log/xfl/for-witness/8").data)

        assert (8, True) == (request.older_size, bool(request.hashes))

    def test_a_cosignature_is_taken_without_a_page(self, database, visitor, tmp_path):
        witness = AWitness()
        with writing(database.engine) as session:
            operations.add_witness(session, a_system_act(), key=str(witness.key), holder=HOLDER)
        head = keep(database, tmp_path)

        answer = visitor.post("/log/xfl/cosignature", data=witness.cosigned(head), content_type="text/plain")

        assert (200, "jiedao.example/w1\n") == (answer.status_code, text_of(answer))
        assert b"jiedao.example/w1" in visitor.get("/log/xfl/checkpoint").data

    def test_nonsense_is_refused(self, visitor):
        for raw in (b"", b"nonsense\n", b"a" * 200_000):
            assert 409 == visitor.post("/log/xfl/cosignature", data=raw, content_type="text/plain").status_code


class TestTheBanner:
    """A running check that fails: red on every page; reading goes on."""

    def test_is_on_every_page_while_the_books_are_stopped(self, database, visitor):
        with writing(database.engine) as session:
            alarm.note_check(session, XFL, Check.LOG, at=NOON, size=5, damage=EntryAltered(seq=3))

        for address in ("/", "/proof", "/v", "/shop", "/sign-in"):
            page = visitor.get(address)
            assert 'class="alarm"' in text_of(page), address
            assert "第 3 笔记账以后被改过" in text_of(page)

    def test_is_on_no_page_while_all_is_well(self, visitor):
        assert 'class="alarm"' not in text_of(visitor.get("/"))
