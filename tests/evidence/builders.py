"""Builders of evidence: a log that grows, a signer with a memory of its own, a witness with a laptop."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.books.builders import TODAY, a_log, a_redemption, a_service
from tests.builders import NOON, an_act
from timebank.books import head, journal
from timebank.database import reading, writing
from timebank.evidence import signing
from timebank.evidence.keys import LogKeys, new_keys
from timebank.evidence.last_heads import LastHeads
from timebank.evidence.signing import Signer
from timebank.ledger.checkpoint import cosign, parse_checkpoint
from timebank.ledger.entries import Draft, EntryKind
from timebank.ledger.note import KeyKind, VerifierKey

KEYS: LogKeys = new_keys(bytes(range(32)))
XFL = "xfl"


def a_signer(folder, keys=KEYS):
    """A signer that keeps its memory in a folder."""
    return Signer(keys, LastHeads(folder))


def a_system_act(**changes):
    """An act of the installation itself."""
    return an_act(**({"number": "system"} | changes))


def grown(engine, count=1, community_id=XFL):
    """Let the log of a community grow by entries, opening it if it is new."""
    with writing(engine) as session:
        if not head.find_head(session, community_id):
            a_log(session, community_id)
        drafts = [a_service(f"V{number % 7 + 1:04}", points_e2=1000) for number in range(count)]
        journal.post_all(session, an_act(community_id=community_id), drafts)


def spent(engine, owner="V0001", points_e2=100):
    """Post a redemption."""
    with writing(engine) as session:
        journal.post_all(session, an_act(), [a_redemption(owner, points_e2)])


def a_word(source="award:1"):
    """Draft an entry without transfers."""
    return Draft(kind=EntryKind.STAR_GRANTED, effective_on=TODAY, source=source)


def signed(engine, signer, community_id=XFL, at=NOON):
    """Check the log and sign its head; an empty log has none."""
    with reading(engine) as session:
        checked = signing.checked_growth(session, community_id, signer)
    with writing(engine) as session:
        return signing.sign_head(session, community_id, signer=signer, checked=checked, at=at)


class AWitness:
    """Somebody with a key."""

    def __init__(self, name="jiedao.example/w1", number=7):
        self.private = Ed25519PrivateKey.from_private_bytes(bytes([number]) * 32)
        self.key = VerifierKey(name, KeyKind.COSIGNATURE, self.private.public_key().public_bytes_raw())

    def cosigned(self, head, at=NOON):
        """Sign a head and return the file that is handed back."""
        line = cosign(parse_checkpoint(head.note.text), self.key, at, self.private.sign)
        return head.note.with_signature(line).to_bytes()
