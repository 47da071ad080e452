"""What a webhook may be: its address, its topics, its signature and when it is tried again."""

import base64
import hashlib
import hmac
import ipaddress
from datetime import timedelta
from uuid import UUID

import pytest

from timebank.webhooks.rules import (
    RETRY_AFTER,
    Topic,
    WebhookAddressPrivate,
    WebhookAddressWrong,
    WebhookWithoutTopic,
    check_webhook,
    given_secret,
    is_public,
    retry_after,
    secret_for,
    signed_headers,
)

ALL = tuple(Topic)
NOBODY: frozenset[str] = frozenset()


class TestAddresses:
    """trust.md W10: nothing private, nothing without TLS, unless a setting names it."""

    @pytest.mark.parametrize("url", ["https://example.org/", "https://example.org:8443/a?b=c", "https://8.8.8.8/x"])
    def test_what_is_public_is_taken(self, url):
        check_webhook(url, ALL, NOBODY)

    @pytest.mark.parametrize(
        "url",
        [
            *("http://example.org/", "ftp://example.org/", "https://", "https:///x", "example.org", ""),
            *("https://a:b@example.org/", "https://example.org/#x", "https://example.org:0/", "https://[::1/"),
            *("https://exa mple.org/", "https://例子.中国/", "https://example.org\\@x/", "https://a.org/" + "x" * 500),
        ],
    )
    def test_what_is_no_address_for_this_is_refused(self, url):
        with pytest.raises(WebhookAddressWrong):
            check_webhook(url, ALL, NOBODY)

    @pytest.mark.parametrize(
        "host",
        [
            *("localhost", "intranet", "127.0.0.1", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254"),
            *("0.0.0.0", "100.64.0.1", "[::1]", "[fd00::1]", "[fe80::1]", "[::ffff:127.0.0.1]", "224.0.0.1"),
            *("[64:ff9b::7f00:1]", "[2002:7f00:1::]"),
        ],
    )
    def test_what_is_private_is_refused(self, host):
        with pytest.raises(WebhookAddressPrivate):
            check_webhook(f"https://{host}/", ALL, NOBODY)

    def test_what_a_setting_names_may_be_private_and_without_tls(self):
        check_webhook("http://127.0.0.1:9000/x", ALL, frozenset({"127.0.0.1:9000"}))

        with pytest.raises(WebhookAddressWrong):
            check_webhook("http://127.0.0.1:9001/x", ALL, frozenset({"127.0.0.1:9000"}))

    def test_addresses_of_the_internet_are_public(self):
        assert is_public(ipaddress.ip_address("8.8.8.8"))
        assert is_public(ipaddress.ip_address("2606:4700::1111"))

    def test_one_without_topics_is_none(self):
        with pytest.raises(WebhookWithoutTopic):
            check_webhook("https://example.org/", (), NOBODY)


def test_a_receiver_checks_the_signature_with_the_secret_it_was_given():
    """Standard Webhooks: `v1,` and the HMAC of id, moment and body, by the bytes behind `whsec_`."""
    whose, event_id = (b"k" * 32, "xfl", UUID(int=1)), UUID(int=7)
    secret, given = secret_for(*whose), given_secret(*whose)

    told = signed_headers(secret, event_id=event_id, sent_at=1_700_000_000, body=b"{}")

    key = base64.b64decode(given.removeprefix("whsec_"))
    expected = hmac.new(key, f"{event_id}.1700000000.".encode() + b"{}", hashlib.sha256).digest()
    assert f"v1,{base64.b64encode(expected).decode()}" == told["webhook-signature"]
    assert (str(event_id), "1700000000") == (told["webhook-id"], told["webhook-timestamp"])


def test_two_webhooks_have_two_secrets():
    secrets = {secret_for(b"k" * 32, community, UUID(int=number)) for community in ("xfl", "yfl") for number in (1, 2)}

    assert 4 == len(secrets)


def test_it_is_tried_less_and_less_often_and_given_up_in_the_end():
    assert timedelta(seconds=5) == retry_after(1)
    assert list(RETRY_AFTER) == sorted(RETRY_AFTER)
    assert timedelta(hours=24) == retry_after(len(RETRY_AFTER))
    assert retry_after(len(RETRY_AFTER) + 1) is None
