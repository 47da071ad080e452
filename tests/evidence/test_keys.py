"""The log's key: made once, kept by its owner alone, changed without losing what it signed."""

import pytest

from tests.evidence.builders import KEYS, XFL
from timebank.evidence import keys as log_keys
from timebank.evidence.keys import LOG_KEY_FILE, LogKeyMissing, LogKeyWrong, new_keys, trusted_log
from timebank.ledger.checkpoint import Checkpoint, open_checkpoint
from timebank.ledger.note import NotSignedBy, sign_text

CHECKPOINT = Checkpoint(KEYS.origin(XFL), 5, bytes(32))


def signed_by(keys):
    return sign_text(CHECKPOINT.text, keys.verifier(XFL), keys.sign)


class TestTheFile:
    """A file of its own in the data folder, mode 600."""

    def test_is_read_as_it_was_written(self, tmp_path):
        keys = KEYS.followed_by(bytes(32))

        log_keys.store_keys(tmp_path, keys)

        assert keys == log_keys.load_keys(tmp_path)

    def test_belongs_to_its_owner_alone(self, tmp_path):
        path = log_keys.store_keys(tmp_path / "new", KEYS)
        log_keys.replace_keys(tmp_path / "new", KEYS.followed_by(bytes(32)))

        assert 0o600 == path.stat().st_mode & 0o777

    def test_is_never_overwritten_by_a_new_one(self, tmp_path):
        log_keys.store_keys(tmp_path, KEYS)

        with pytest.raises(FileExistsError):
            log_keys.store_keys(tmp_path, new_keys(bytes(32)))

        assert KEYS == log_keys.load_keys(tmp_path)

    def test_that_is_not_there_is_said_to_be_missing(self, tmp_path):
        with pytest.raises(LogKeyMissing) as refused:
            log_keys.load_keys(tmp_path)

        assert {"file": str(tmp_path / LOG_KEY_FILE)} == refused.value.facts

    @pytest.mark.parametrize(
        "text",
        [
            "",
            "[]",
            "{}",
            '{"site": "a", "private": "AA==", "retired": []}',
            KEYS.as_text().replace(KEYS.site, "A b"),
            KEYS.as_text().replace('"retired": []', '"retired": ["AA=="]'),
            KEYS.as_text().replace('"retired": []', '"retired": 5'),
        ],
    )
    def test_that_holds_something_else_is_refused(self, text):
        with pytest.raises(LogKeyWrong):
            log_keys.read_keys(text, "here")


class TestTheKeys:
    """A log keeps its name when the key is changed, and old heads stay verifiable."""

    def test_the_installation_is_named_after_its_first_key(self):
        assert f"timebank-{KEYS.public[:4].hex()}" == KEYS.site
        assert KEYS.site == KEYS.followed_by(bytes(32)).site

    def test_what_the_key_signs_anybody_can_verify(self):
        assert CHECKPOINT == open_checkpoint(signed_by(KEYS), trusted_log(KEYS.verifier(XFL)))

    def test_what_an_earlier_key_signed_is_still_ours(self):
        changed = KEYS.followed_by(bytes(32)).followed_by(bytes([1]) * 32)

        log = changed.log_of(signed_by(KEYS), XFL)

        assert KEYS.verifier(XFL) == log.key
        assert CHECKPOINT == open_checkpoint(signed_by(KEYS), log)

    def test_the_present_key_comes_first(self):
        changed = KEYS.followed_by(bytes(32))

        assert [changed.public, KEYS.public] == [log.key.public for log in changed.logs(XFL)]

    def test_what_another_key_signed_is_not_ours(self):
        with pytest.raises(NotSignedBy):
            KEYS.log_of(signed_by(new_keys(bytes(32))), XFL)
