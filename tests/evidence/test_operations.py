"""Keys, witnesses and recoveries are entries of the log; cosignatures are taken only when they are true."""

from datetime import timedelta

import pytest

from tests.books.builders import the_entry
from tests.builders import NOON
from tests.evidence.builders import KEYS, XFL, AWitness, a_signer, a_system_act, grown, signed
from timebank.database import reading, writing
from timebank.evidence import operations, queries
from timebank.evidence.keys import new_keys
from timebank.evidence.operations import (
    HolderUnclear,
    NotAWitnessKey,
    NotWitnessed,
    WitnessClockAhead,
    WitnessKnown,
)
from timebank.evidence.queries import NoSuchHead
from timebank.evidence.signing import EntryAltered, LogForked
from timebank.ledger.checkpoint import Checkpoint, cosign
from timebank.ledger.entries import EntryKind
from timebank.ledger.merkle import TreeHead
from timebank.ledger.note import (
    KeyKind,
    MalformedKey,
    NoteNotSigned,
    NotSignedBy,
    SignatureMismatch,
    VerifierKey,
    sign_text,
)
from timebank.people.queries import NotAllowed

HOLDER = "街道办事处 李科长"


@pytest.fixture
def signer(tmp_path):
    return a_signer(tmp_path)


@pytest.fixture
def witness(log):
    """A registered witness."""
    registered = AWitness()
    add(log, str(registered.key))
    return registered


@pytest.fixture
def log(database):
    """The engine over a log of ten entries."""
    grown(database.engine, 10)
    return database.engine


def add(engine, key, holder=HOLDER, **act):
    with writing(engine) as session:
        return operations.add_witness(session, a_system_act(**act), key=key, holder=holder)


def taken(engine, raw, at=NOON, keys=KEYS):
    with writing(engine) as session:
        return operations.take_cosignatures(session, XFL, raw=raw, keys=keys, at=at)


def stands(engine, seq):
    with reading(engine) as session:
        return the_entry(session, seq)


def witnesses(engine):
    with reading(engine) as session:
        return queries.witnesses(session, XFL)


class TestAnnouncingAKey:
    """A key that signs stands in the log, with the one before it."""

    def test_the_first_has_none_before_it(self, log):
        seq = announced(log, KEYS)

        entry = stands(log, seq).entry
        assert EntryKind.LOG_KEY_SET is entry.kind
        assert {"key": str(KEYS.verifier(XFL)), "previous": None} == entry.facts

    def test_a_further_one_names_the_one_before(self, log):
        announced(log, KEYS)
        changed = KEYS.followed_by(bytes(32))

        seq = announced(log, changed)

        facts = stands(log, seq).entry.facts
        assert (str(changed.verifier(XFL)), str(KEYS.verifier(XFL))) == (facts["key"], facts["previous"])

    def test_is_for_whoever_keeps_the_log(self, log):
        with pytest.raises(NotAllowed):
            announced(log, KEYS, number="S009")

    @pytest.mark.parametrize("key", ["", "name+00000000+AAAA", str(AWitness().key)])
    def test_takes_nothing_but_a_log_key(self, log, key):
        with pytest.raises(MalformedKey), writing(log) as session:
            operations.announce_key(session, a_system_act(), key=key)


def announced(engine, keys, **act):
    with writing(engine) as session:
        return operations.announce_key(session, a_system_act(**act), key=str(keys.verifier(XFL)))


class TestRegisteringAWitness:
    """A witness's key stands in the log; who holds it does not."""

    def test_is_an_entry_with_the_key_and_without_the_holder(self, log):
        key = str(AWitness().key)

        seq = add(log, key)

        view = stands(log, seq)
        assert {"key": key, "name": "jiedao.example/w1"} == view.entry.facts
        assert HOLDER == view.memo

    def test_shows_in_the_list_as_having_seen_nothing_yet(self, log, witness):
        found = witnesses(log)

        assert [("jiedao.example/w1", HOLDER, 0, None)] == [
            (one.name, one.holder, one.last_size, one.last_seen_at) for one in found
        ]
        assert witness.key == found[0].key

    def test_of_the_same_name_is_refused(self, log, witness):
        with pytest.raises(WitnessKnown):
            add(log, str(AWitness(number=8).key))

    def test_is_for_whoever_keeps_the_log(self, log):
        with pytest.raises(NotAllowed):
            add(log, str(AWitness().key), number="S009")

    @pytest.mark.parametrize("holder", ["", "  ", "长" * 61])
    def test_needs_a_holder_in_a_few_words(self, log, holder):
        with pytest.raises(HolderUnclear):
            add(log, str(AWitness().key), holder)

    def test_takes_a_holder_of_sixty_characters(self, log):
        assert add(log, str(AWitness().key), "长" * 60)

    def test_takes_nothing_but_a_witness_key(self, log):
        for key, refusal in (
            ("nonsense", MalformedKey),
            (str(KEYS.verifier(XFL)), NotAWitnessKey),
            (str(VerifierKey("n" * 101, KeyKind.COSIGNATURE, bytes(32))), NotAWitnessKey),
        ):
            with pytest.raises(refusal):
                add(log, key)


class TestTakingCosignatures:
    """Only what a registered witness truly signed of a head of this log is kept."""

    def test_shows_who_saw_what_and_when(self, log, signer, witness):
        head = signed(log, signer)

        assert ("jiedao.example/w1",) == taken(log, witness.cosigned(head, NOON))

        assert [(11, NOON)] == [(one.last_size, one.last_seen_at) for one in witnesses(log)]

    def test_stands_below_the_head_that_is_handed_out(self, log, signer, witness):
        head = signed(log, signer)
        taken(log, witness.cosigned(head))

        with reading(log) as session:
            newest = queries.signed_head(session, XFL, 11)

        assert witness.cosigned(head).decode() == newest.file
        assert NOON == newest.witnessed_at

    def test_handed_in_twice_counts_once(self, log, signer, witness):
        raw = witness.cosigned(signed(log, signer))

        assert taken(log, raw) == taken(log, raw)

    def test_of_the_same_head_a_week_later_shows_that_somebody_came_again(self, log, signer, witness):
        """A log that does not grow is watched all the same; the head carries the newest line of each witness."""
        head = signed(log, signer)
        a_week_later = NOON + timedelta(days=7)
        taken(log, witness.cosigned(head, NOON))

        taken(log, witness.cosigned(head, a_week_later), at=a_week_later)
        taken(log, witness.cosigned(head, NOON), at=a_week_later)

        with reading(log) as session:
            newest = queries.signed_head(session, XFL, 11)
        assert [(11, a_week_later)] == [(one.last_size, one.last_seen_at) for one in witnesses(log)]
        assert (a_week_later, witness.cosigned(head, a_week_later).decode()) == (newest.witnessed_at, newest.file)

    def test_of_an_earlier_head_is_welcome(self, log, signer, witness):
        earlier = signed(log, signer)
        grown(log, 5)
        signed(log, signer)

        taken(log, witness.cosigned(earlier))

        with reading(log) as session:
            behind = queries.find_head_behind(session, XFL, 3)
            unwitnessed = queries.find_head_behind(session, XFL, 15)
        assert behind is not None
        assert unwitnessed is not None
        assert ((11, 1), (16, 0)) == (
            (behind.size, len(behind.cosignatures)),
            (unwitnessed.size, len(unwitnessed.cosignatures)),
        )

    def test_behind_an_entry_that_is_not_signed_yet_stands_nothing(self, log):
        with reading(log) as session:
            assert queries.find_head_behind(session, XFL, 3) is None
            assert queries.find_last_witnessed(session, XFL) is None

    def test_the_last_one_to_have_come_is_known(self, log, signer, witness):
        taken(log, witness.cosigned(signed(log, signer)))

        with reading(log) as session:
            last = queries.find_last_witnessed(session, XFL)

        assert last is not None
        assert 11 == last.size

    def test_by_a_stranger_is_not_taken(self, log, signer, witness):
        with pytest.raises(NotWitnessed):
            taken(log, AWitness(number=9).cosigned(signed(log, signer)))

    def test_that_a_witness_was_still_to_sign_is_not_taken_and_raises_no_alarm(self, log, signer, witness):
        signed(log, signer)
        with reading(log) as session:
            request = queries.witness_request(session, XFL, 0)

        with pytest.raises(NotWitnessed):
            taken(log, request.to_bytes())

    def test_that_does_not_belong_to_the_head_is_not_taken(self, log, signer, witness):
        head = signed(log, signer)
        other = Checkpoint(KEYS.origin(XFL), head.size, bytes(32))
        line = cosign(other, witness.key, NOON, witness.private.sign)

        with pytest.raises(SignatureMismatch):
            taken(log, head.note.with_signature(line).to_bytes())

    def test_from_the_future_is_not_taken(self, log, signer, witness):
        head = signed(log, signer)

        with pytest.raises(WitnessClockAhead):
            taken(log, witness.cosigned(head, NOON + timedelta(hours=1, seconds=1)))
        assert taken(log, witness.cosigned(head, NOON + timedelta(hours=1)))

    def test_of_a_head_that_was_never_signed_here_is_not_taken(self, log, signer, witness):
        head = signed(log, signer)
        text = Checkpoint(KEYS.origin(XFL), head.size - 1, bytes(32)).text

        with pytest.raises(NoSuchHead):
            taken(log, sign_text(text, KEYS.verifier(XFL), KEYS.sign).to_bytes())

    def test_of_another_history_under_our_own_key_is_an_alarm(self, log, signer, witness):
        head = signed(log, signer)
        text = Checkpoint(KEYS.origin(XFL), head.size, bytes(32)).text

        with pytest.raises(LogForked):
            taken(log, sign_text(text, KEYS.verifier(XFL), KEYS.sign).to_bytes())

    def test_under_a_key_that_is_not_ours_is_not_taken(self, log, signer, witness):
        head = signed(log, signer)
        foreign = new_keys(bytes([9]) * 32)

        with pytest.raises(NotSignedBy):
            taken(log, sign_text(head.note.text, foreign.verifier(XFL), foreign.sign).to_bytes())

    def test_under_an_earlier_key_of_ours_is_taken(self, log, signer, witness):
        head = signed(log, signer)

        assert taken(log, witness.cosigned(head), keys=KEYS.followed_by(bytes(32)))

    def test_that_is_no_note_is_not_taken(self, log, witness):
        with pytest.raises(NoteNotSigned):
            taken(log, b"nonsense\n")


class TestRecovery:
    """F16: a backup that was restored can be gone on from, openly."""

    def test_says_in_the_log_what_was_signed_and_what_is_there(self, log, signer):
        answer = recovered(log, signed_size=50, signed_root="ab" * 32)

        view = stands(log, answer["entry"])
        assert EntryKind.LOG_RESTORED is view.entry.kind
        assert (50, "ab" * 32, 10) == tuple(
            view.entry.facts[key] for key in ("signed_size", "signed_root", "restored_size")
        )
        assert "磁盘坏了" == view.memo

    def test_is_for_whoever_keeps_the_log(self, log):
        with pytest.raises(NotAllowed):
            recovered(log, number="S009")

    def test_is_refused_while_the_log_does_not_agree_with_itself(self, database, log):
        database.meddle("UPDATE entry SET leaf = (SELECT leaf FROM entry WHERE seq = 1) WHERE seq = 4")

        with pytest.raises(EntryAltered):
            recovered(log)

    def test_is_refused_where_it_contradicts_a_head_that_is_stored_in_it(self, database, log, signer):
        signed(log, signer)
        database.meddle("UPDATE checkpoint SET root = (SELECT leaf_hash FROM entry WHERE seq = 1)")

        with pytest.raises(LogForked):
            recovered(log)

    def test_lets_the_signer_go_on_from_what_is_there(self, log, signer):
        lost = TreeHead(50, bytes(32))
        origin = KEYS.origin(XFL)
        signer.memory.swap(origin, expected=None, new=lost)
        answer = recovered(log, signed_size=50, signed_root=lost.root.hex())
        there = TreeHead(answer["size"], bytes.fromhex(answer["root"]))

        signer.memory.swap(origin, expected=lost, new=there)

        head = signed(log, signer)
        assert head is not None
        assert 11 == head.size


def recovered(engine, signed_size=None, signed_root=None, **act):
    with writing(engine) as session:
        return operations.recover(
            session, a_system_act(**act), signed_size=signed_size, signed_root=signed_root, reason="磁盘坏了"
        )


class TestOverdueWitnesses:
    """Nobody for eight days is a warning."""

    def test_is_said_from_the_eighth_day_on(self):
        assert queries.is_unwatched(None, NOON)
        assert not queries.is_unwatched(NOON - timedelta(days=8), NOON)
        assert queries.is_unwatched(NOON - timedelta(days=8, seconds=1), NOON)
