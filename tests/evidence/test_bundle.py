"""The evidence bundle: everything that others need, no names, and a verifier that believes nobody."""

import shutil
import subprocess
import sys

import pytest

from tests.evidence.builders import KEYS, XFL, AWitness
from tests.evidence.towns import exported, verified
from timebank.audit.exports import journal_lines
from timebank.database import reading
from timebank.evidence.bundle import VERIFIER, ZipPlace, write_bundle
from timebank.evidence.keys import new_keys
from timebank.evidence.verifier import verify_timebank
from timebank.ledger.accounts import KINDS
from timebank.ledger.entries import EntryKind
from timebank.ledger.policy import ROADS


@pytest.fixture
def bundle(books, tmp_path):
    """The evidence of the books."""
    return exported(books, tmp_path / "bundle")


@pytest.fixture
def verify(monkeypatch, capsys):
    """The verifier, as an auditor runs it."""
    return lambda *words: verified(monkeypatch, capsys, *words)


def replaced(path, old, new):
    path.write_bytes(path.read_bytes().replace(old, new))


class TestHonestBooks:
    """Everything holds, and the auditor is told what that rests on."""

    def test_hold_against_the_key_of_the_notice_and_the_head_of_the_witness(self, books, bundle, verify, tmp_path):
        (tmp_path / "witnessed").write_bytes(books.witnessed)

        code, said = verify(bundle, "--key", str(KEYS.verifier(XFL)), "--old", tmp_path / "witnessed")

        assert 0 == code, said
        assert "全部成立" in said
        assert f"{books.witnessed_size} 笔" in said
        assert AWitness().key.name in said

    def test_hold_as_a_zip_too(self, books, bundle, verify, tmp_path):
        with reading(books.database.engine) as session, ZipPlace(tmp_path / "bundle.zip") as place:
            write_bundle(session, XFL, keys=KEYS, place=place)

        assert 0 == verify(tmp_path / "bundle.zip")[0]

    def test_hold_on_a_machine_without_our_program(self, bundle, tmp_path):
        done = subprocess.run(
            [sys.executable, "-I", bundle / "verify_timebank.py", bundle],
            cwd=tmp_path,
            capture_output=True,
            check=False,
        )

        assert (0, b"") == (done.returncode, done.stderr)

    def test_give_the_same_journals_as_the_application(self, books, bundle, verify, tmp_path):
        files = {form: tmp_path / form for form in ("hledger", "beancount")}

        code, said = verify(bundle, *(word for form, path in files.items() for word in (f"--{form}", path)))

        assert 0 == code, said
        with reading(books.database.engine) as session:
            for form, path in files.items():
                assert "".join(journal_lines(session, XFL, form)) == path.read_text(encoding="utf-8")

    def test_hold_after_the_key_was_changed(self, books, verify, tmp_path):
        changed = KEYS.followed_by(bytes(32))
        books.announce(changed)
        books.keep()
        later = books.under(changed)
        later.live(3)
        bundle = exported(later, tmp_path / "later")

        for key in (KEYS, changed):
            code, said = verify(bundle, "--key", str(key.verifier(XFL)))
            assert 0 == code, said

    def test_hold_after_a_person_s_words_were_erased(self, books, verify, tmp_path):
        books.database.meddle("DELETE FROM memo")

        assert 0 == verify(exported(books, tmp_path / "erased"))[0]


class TestWhatIsInIt:
    """Names never appear; every file has its sum; the verifier imports nothing of ours."""

    def test_no_name_of_a_person_a_partner_or_a_witness_is_in_it(self, bundle):
        content = b"".join(path.read_bytes() for path in bundle.rglob("*") if path.is_file())

        for name in ("王秀英", "张桂芳", "李建国", "百家福", "街道办事处", "1990000", "清扫楼道"):
            assert name.encode() not in content, name

    def test_every_file_has_its_sum(self, bundle):
        listed = {line.split("  ", 1)[1] for line in (bundle / "SHA256SUMS").read_text().splitlines()}
        there = {str(path.relative_to(bundle)) for path in bundle.rglob("*") if path.is_file()}

        assert there - {"SHA256SUMS"} == listed

    def test_the_verifier_is_short_and_stands_alone(self):
        text = VERIFIER.read_text(encoding="utf-8")

        assert 300 >= len(text.splitlines())
        assert "import timebank" not in text
        assert "from timebank" not in text

    def test_the_verifier_knows_the_accounts_and_roads_of_the_ledger(self):
        roads = {kind.value: {f"{debit}>{credit}" for debit, credit in ways} for kind, ways in ROADS.items() if ways}
        del roads[EntryKind.REVERSAL.value]

        assert roads == {kind: set(ways.split()) for kind, ways in verify_timebank.ROADS.items()}
        assert {kind.value: rule.sign for kind, rule in KINDS.items()} == {
            kind: sign for kind, (sign, _branch) in verify_timebank.KINDS.items()
        }


class TestWhatDoesNotHold:
    """Ends with 6, and says what it is."""

    def test_another_key_than_the_one_of_the_notice(self, bundle, verify):
        code, said = verify(bundle, "--key", str(new_keys(bytes(32)).verifier(XFL)))

        assert 6 == code
        assert "不是这本账的签名" in said

    def test_a_head_of_another_log(self, bundle, verify, tmp_path):
        foreign = new_keys(bytes(32))
        (tmp_path / "old").write_bytes((bundle / "log/checkpoint").read_bytes().replace(b"xfl\n", b"yfl\n", 1))

        assert 6 == verify(bundle, "--old", tmp_path / "old", "--key", str(foreign.verifier(XFL)))[0]
        assert 6 == verify(bundle, "--old", tmp_path / "old")[0]

    @pytest.mark.parametrize("name", ["accounts.jsonl", "head.json", "keys.txt", "log/checkpoint", "rules/1.json"])
    def test_a_file_that_was_changed_or_is_missing(self, bundle, verify, name):
        kept = (bundle / name).read_bytes()
        (bundle / name).write_bytes(kept + b" ")
        changed = verify(bundle)
        (bundle / name).unlink()
        missing = verify(bundle)

        assert (6, 6) == (changed[0], missing[0])
        assert "SHA256SUMS" in changed[1]

    def test_a_bundle_of_entries_that_is_cut(self, bundle, verify):
        path = next((bundle / "log/tile/entries").rglob("[0-9]*[0-9]"), None)
        path = path if path and path.is_file() else next((bundle / "log/tile/entries").rglob("*.p/*"))
        path.write_bytes(path.read_bytes()[:-3])

        assert 6 == verify(bundle)[0]


class TestBadInput:
    """A damaged, truncated or foreign bundle gets a sentence and a code, never a stack trace."""

    def test_no_bundle_at_all(self, verify, tmp_path):
        (tmp_path / "empty").mkdir()
        (tmp_path / "text").write_text("nonsense")
        (tmp_path / "sums").mkdir()
        (tmp_path / "sums" / "SHA256SUMS").write_bytes(b"\xff")
        for name in ("empty", "text", "missing", "sums"):
            code, said = verify(tmp_path / name)

            assert 3 == code, name
            assert "不是证据包" in said

    def test_a_zip_that_is_cut(self, books, bundle, verify, tmp_path):
        with reading(books.database.engine) as session, ZipPlace(tmp_path / "bundle.zip") as place:
            write_bundle(session, XFL, keys=KEYS, place=place)
        whole = (tmp_path / "bundle.zip").read_bytes()
        (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])

        assert 3 == verify(tmp_path / "cut.zip")[0]

    def test_an_old_head_that_is_none(self, bundle, verify, tmp_path):
        for content in (b"", b"nonsense", b"\xff\xff", b"a\nb\nc\n\n\xe2\x80\x94 x"):
            (tmp_path / "old").write_bytes(content)

            assert 6 == verify(bundle, "--old", tmp_path / "old")[0]

    def test_nested_nonsense_in_a_table(self, bundle, verify):
        path = bundle / "tables/000000.jsonl"
        path.write_bytes(b"[" * 100_000 + b"\n" + path.read_bytes())
        summed_again(bundle)

        assert 6 == verify(bundle)[0]

    def test_an_empty_list(self, bundle, verify):
        (bundle / "SHA256SUMS").write_text("")

        assert 6 == verify(bundle)[0]


def summed_again(bundle):
    """Write the sums as they should be now."""
    shutil.copy(bundle / "SHA256SUMS", bundle / "old")
    done = subprocess.run(["sha256sum", *_names(bundle)], cwd=bundle, capture_output=True, check=True)
    (bundle / "SHA256SUMS").write_bytes(done.stdout)


def _names(bundle):
    return [line.split("  ", 1)[1] for line in (bundle / "old").read_text().splitlines()]
