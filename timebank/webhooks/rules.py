"""What webhooks tell, to which addresses, how it is signed, and when what did not arrive is sent again.

An event says that something was done, by whom and about which number; never a name, never an amount. Whoever wants to
know more asks the API with a token, and is judged there.

Source: trust.md W10; the Standard Webhooks specification (headers, signature, ids, retries).
"""

import base64
import hashlib
import hmac
import ipaddress
from collections.abc import Collection, Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from timebank.refusal import Refusal

URL_CHARACTERS_MAX: Final = 500
WEBHOOKS_MAX: Final = 20
"""How many of them one community has at a time."""
WRITTEN_WITH: Final = "whsec_"
PORTS: Final = {"http": 80, "https": 443}
RETRY_AFTER: Final = (
    timedelta(seconds=5),
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
    timedelta(hours=12),
    timedelta(hours=24),
)
"""How long after each attempt that failed the next one is made; after the last of them nothing is tried by itself."""
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class Topic(StrEnum):
    """What a webhook is told of."""

    PEOPLE = "people"
    HOURS = "hours"
    STARS = "stars"
    MARKET = "market"
    RULES = "rules"
    BOOKS = "books"


ROOMS: Final[Mapping[Topic, tuple[str, ...]]] = {
    Topic.PEOPLE: ("people",),
    Topic.HOURS: ("service", "timetable"),
    Topic.STARS: ("stars", "certificates"),
    Topic.MARKET: ("market", "pool"),
    Topic.RULES: ("rulebook",),
    Topic.BOOKS: ("audit", "evidence", "imports", "nightly"),
}
"""The rooms whose operations belong to each topic: `market.redeem` is an event of the market."""


class DeliveryState(StrEnum):
    """Where a delivery stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"
    """It did not arrive, however often it was tried; somebody may send it again."""


class WebhookAddressWrong(Refusal):
    """The address is none that a webhook can have."""

    code = "webhook_address_wrong"


class WebhookAddressPrivate(Refusal):
    """The address lies in a private network; nothing is sent there unless a setting names it."""

    code = "webhook_address_private"


class WebhookWithoutTopic(Refusal):
    """A webhook that is told nothing is none."""

    code = "webhook_without_topic"


def check_webhook(url: str, topics: Iterable[Topic], inner: Collection[str]) -> None:
    """Make sure that a webhook can be like this.

    Args:
        inner: `host:port` of each receiver in the own network; these may be private and without TLS.

    Raises:
        WebhookAddressWrong, WebhookAddressPrivate, WebhookWithoutTopic
    """
    host, port = place_of(url)
    if f"{host}:{port}" not in inner:
        if urlsplit(url).scheme != "https":
            raise WebhookAddressWrong(characters_max=URL_CHARACTERS_MAX)
        if host == "localhost" or not _may_be_public(host):
            raise WebhookAddressPrivate(host=host)
    if not set(topics):
        raise WebhookWithoutTopic()


def place_of(url: str) -> tuple[str, int]:
    """Return host and port of an address.

    Raises:
        WebhookAddressWrong: it is none of http or https, names no host, or carries a name, a password or a fragment.
    """
    wrong = WebhookAddressWrong(characters_max=URL_CHARACTERS_MAX)
    visible = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    if not visible or not 1 <= len(url) <= URL_CHARACTERS_MAX:
        raise wrong
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        raise wrong from error
    if parts.scheme not in PORTS or not host or "@" in parts.netloc or "#" in url or port == 0:
        raise wrong
    return host, port or PORTS[parts.scheme]


def _may_be_public(host: str) -> bool:
    """Tell whether a host is no private address; what a name stands for is seen when it is sent to."""
    try:
        return is_public(ipaddress.ip_address(host))
    except ValueError:
        return "." in host


def is_public(address: Address) -> bool:
    """Tell whether an address is one of the internet: not this machine, not a private network, not a way into one."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if address.sixtofour is not None or address.teredo is not None or address in _NAT64:
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved


def secret_for(key: bytes, community_id: str, webhook_id: UUID) -> bytes:
    """Derive the secret of a webhook, 32 bytes; so it lies in no table and is the same whenever it is asked for.

    key: a key of the installation that stays.
    """
    return hmac.digest(key, f"webhook\0{community_id}\0{webhook_id}".encode(), "sha256")


def given_secret(key: bytes, community_id: str, webhook_id: UUID) -> str:
    """Write the secret of a webhook as a receiver is given it."""
    return WRITTEN_WITH + base64.b64encode(secret_for(key, community_id, webhook_id)).decode()


def signed_headers(secret: bytes, *, event_id: UUID, sent_at: int, body: bytes) -> dict[str, str]:
    """Return the headers by which a receiver knows who sends, what, and when.

    Args:
        sent_at: seconds since 1970; receivers refuse what is older than some minutes, so nothing can be played again.
    """
    signature = hmac.digest(secret, f"{event_id}.{sent_at}.".encode() + body, hashlib.sha256)
    return {
        "webhook-id": str(event_id),
        "webhook-timestamp": str(sent_at),
        "webhook-signature": f"v1,{base64.b64encode(signature).decode()}",
    }


def retry_after(attempts: int) -> timedelta | None:
    """Return how long after this many attempts the next one is made, or None where it was the last one."""
    return RETRY_AFTER[attempts - 1] if attempts <= len(RETRY_AFTER) else None
