"""A request that is sent again while it runs, to a service of two processes: one does it, the others come again."""

import json
import queue
import threading
import urllib.error
import urllib.request
from email.message import Message

from tests.web import town
from tests.web.api.programs import BASKET, a_token
from timebank.books import head
from timebank.chance import fresh_key
from timebank.database import writing

RETRIES = 12


def post(served, token, path, sent, key):
    """Send a document over a connection of its own; return status, headers and bytes."""
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": key, "Content-Type": "application/json"}
    asked = urllib.request.Request(served.url + path, json.dumps(sent).encode(), headers, method="POST")
    try:
        with urllib.request.urlopen(asked, timeout=30) as answer:
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, refused.read()


class TestStillRunning:
    """trust.md R9, G9: still running is 409 with `Retry-After`, in whichever process the retry arrives."""

    def test_of_many_at_once_one_is_done_and_the_others_are_told_to_come_again(self, served):
        token, key = a_token(served.engine, "zhao"), fresh_key()
        answers: queue.Queue[tuple[int, Message, bytes]] = queue.Queue()

        def ask():
            answers.put(post(served, token, "/redemptions", BASKET, key))

        threads = [threading.Thread(target=ask) for _ in range(RETRIES)]
        with writing(served.engine) as session:
            # While the test has the books to itself, whoever does the request waits for them.
            head.lock(session, town.XFL)
            for thread in threads:
                thread.start()
            told_meanwhile = [answers.get(timeout=30) for _ in range(RETRIES - 1)]
        for thread in threads:
            thread.join()

        assert {409} == {status for status, _, _ in told_meanwhile}
        assert {"request_running"} == {json.loads(body)["code"] for _, _, body in told_meanwhile}
        assert all(int(headers["Retry-After"]) >= 1 for _, headers, _ in told_meanwhile)
        status, headers, first = answers.get()
        assert (201, None) == (status, headers["Idempotency-Replayed"])

        again = post(served, token, "/redemptions", BASKET, key)

        assert (201, "true", first) == (again[0], again[1]["Idempotency-Replayed"], again[2])

    def test_another_request_is_not_kept_out(self, served):
        token = a_token(served.engine, "li")

        keys = [fresh_key() for _ in range(4)]
        answers = [post(served, token, "/partners", {"name": f"单位{key}"}, key) for key in keys]

        assert [200] * 4 == [status for status, _, _ in answers]
