"""What people agree to: which consents there are, which version is asked for now, and who may give one.

Withdrawing has its effect at once: without the second the document's number is deleted; without the first nobody may go
on keeping the passbook, so the desk is asked to close it.

Source: PIPL 13 to 17 (consent, new version, withdrawal), 29 (delicate data apart), 31 (under 14 by the guardian).
"""

from enum import StrEnum
from typing import Final

from timebank.refusal import Refusal


class Consent(StrEnum):
    """What is agreed to: the notice about one's data, and that the number of one's document is kept."""

    NOTICE = "notice"
    DOCUMENT = "document"


CURRENT: Final = {Consent.NOTICE: 1, Consent.DOCUMENT: 1}
"""The version of each text that is shown now; whoever agreed to an earlier one is asked again."""

ANSWER_DAYS: Final = 30
"""Within how many days a request about one's data is answered (GB/T 35273-2020, 8.7)."""
WORDS_MAX: Final = 500


class ConsentOutdated(Refusal):
    """The text has changed since the page was shown; what was agreed to is not what holds now."""

    code = "consent_outdated"


class ConsentGiven(Refusal):
    """This version was agreed to already."""

    code = "consent_given"


class NoConsent(Refusal):
    """There is no such consent that could be withdrawn."""

    code = "no_consent"


class ConsentByGuardian(Refusal):
    """Whoever is under fourteen does not agree themselves; the guardian does, at the desk."""

    code = "consent_by_guardian"


class WordsMissing(Refusal):
    """A request or an answer is said in 2 to 500 visible characters."""

    code = "words_missing"


class RequestWaitsAlready(Refusal):
    """A request of this kind waits for its answer already."""

    code = "request_waits_already"


class NoSuchDataRequest(Refusal):
    """There is no such request that waits."""

    code = "no_such_data_request"


class RequestNeedsAnother(Refusal):
    """Nobody answers their own request; and closing takes two of the staff where the desk has asked for it."""

    code = "request_needs_another"
