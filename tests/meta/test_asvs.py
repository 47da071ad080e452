"""The table of ASVS 5.0 in SECURITY.md: every line is kept by tests that are there, or says why none is needed.

Beside it stand the promises of that table that only the code as a whole can keep.
"""

import re
from collections import Counter
from typing import Final

import pytest

from tests.meta.sources import ROOT, sources
from tests.meta.test_promises import known_in

TEXT: Final = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
LINES: Final = re.findall(r"^\| (\d+\.\d+\.\d+) \| ([123]) \| (.+?) \| (.+?) \|$", TEXT, flags=re.MULTILINE)
TEST: Final = re.compile(r"`(?!timebank/)([\w/]+\.py(?:::\w+)*)`")
DROPPED: Final = ("10.", "17.", "4.3.", "4.4.", "6.7.", "6.8.", "7.6.", "11.7.")
CHOSEN: Final = frozenset(
    {
        *("2.3.5", "2.4.2", "3.4.8", "4.1.4", "5.2.4", "5.3.3", "6.3.7", "6.3.8", "6.4.6", "7.5.3", "8.3.2"),
        *("15.4.1", "15.4.2", "15.4.3", "15.4.4", "16.5.4"),
    }
)
"""The lines of level 3 that are chosen; a few more are kept besides."""
MARKUP: Final = re.compile(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|__proto__")
SCRIPTS: Final = tuple((ROOT / "timebank/web/static").rglob("*.js"))
OPENS_A_CONNECTION: Final = re.compile(r"^(?:import|from) (?:http\.client|urllib\.request|ssl|smtplib|ftplib)\b", re.M)


def code(pattern: str) -> list[str]:
    """Name every line of the program's own files in which a pattern stands."""
    return [
        source.at(source.text[: found.start()].count("\n") + 1, found[0])
        for source in sources("timebank")
        for found in re.finditer(pattern, source.text)
    ]


class TestTheTable:
    """trust.md G23: 64 lines of level 1 and 141 of level 2, each met or not applicable with a reason, and chosen L3."""

    def test_has_each_line_once(self):
        numbers = [number for number, *_rest in LINES]

        assert [] == [number for number, times in Counter(numbers).items() if times > 1]
        assert not [number for number in numbers if number.startswith(DROPPED)]

    def test_has_all_two_hundred_and_five_and_the_chosen_ones(self):
        levels = Counter(level for _number, level, *_rest in LINES)

        assert (64, 141) == (levels["1"], levels["2"])
        assert CHOSEN <= {number for number, level, *_rest in LINES if level == "3"}

    def test_each_names_a_test_or_a_reason(self):
        assert [] == [
            number for number, *_words, kept in LINES if not TEST.search(kept) and not kept.startswith("reason: ")
        ]

    def test_each_test_is_there(self):
        named = sorted({test for *_rest, kept in LINES for test in TEST.findall(kept)})
        missing = []
        for test in named:
            path, _, name = test.partition("::")
            if not (ROOT / "tests" / path).exists() or name not in known_in(path):
                missing.append(test)

        assert [] == missing

    def test_each_section_that_is_named_is_there(self):
        named = {section for *_rest, kept in LINES for section in re.findall("section «([^»]+)»", kept)}

        assert [] == [section for section in sorted(named) if f"\n## {section}\n" not in TEXT]


class TestWaysIn:
    """ASVS 6.1.3 and 6.3.4: whatever opens a session is known and written down."""

    def test_nothing_else_opens_a_session(self):
        calls = {
            source.path
            for source in sources("timebank")
            for _call, name in source.calls()
            if name.rpartition(".")[2] == "open_session"
        }

        assert {"timebank/people/operations/signing_in.py", "timebank/people/operations/second_factor.py"} == calls

    def test_each_is_told(self):
        for way in ("password", "one-time link", "badge", "passkey", "token", "demo"):
            assert way in TEXT[TEXT.index("## Who comes in") : TEXT.index("## Sessions")], way


class TestScripts:
    """ASVS 3.2.2, 3.5.5, 3.7.1, 14.3.3, 15.3.6: modules that set text and keep nothing personal for long."""

    def test_no_markup_is_made_from_text(self):
        assert SCRIPTS
        for script in SCRIPTS:
            written = script.read_text(encoding="utf-8")
            assert not MARKUP.search(written)
            assert not re.search(r"""addEventListener\(["']message""", written) or "BroadcastChannel" in written

    def test_only_these_keep_something_in_the_browser(self):
        keeping = {script.name for script in SCRIPTS if "Storage" in script.read_text(encoding="utf-8")}

        assert {"badge.js", "parking.js", "sale.js", "till.js"} >= keeping

    def test_every_script_of_a_page_is_a_module_of_ours(self):
        for template in (ROOT / "templates").rglob("*.html"):
            for tag in re.findall(r"<script[^>]*>", template.read_text(encoding="utf-8")):
                assert 'type="module"' in tag, (template.name, tag)
                assert "url_for('static'" in tag, (template.name, tag)


class TestPasswordFields:
    """ASVS 6.2.6 and 6.2.7: passwords are hidden, may be pasted, and are known to password managers."""

    def test_every_password_field_says_what_it_is(self):
        found = [
            line
            for template in (ROOT / "templates").rglob("*.html")
            for line in template.read_text(encoding="utf-8").splitlines()
            if re.search(r'field\("(password|again|current)"', line)
        ]

        assert found
        for line in found:
            assert 'kind="password"' in line
            assert re.search(r'"autocomplete": "(new|current)-password"', line), line

    def test_nothing_forbids_pasting(self):
        assert [] == [script.name for script in SCRIPTS if '"paste"' in script.read_text(encoding="utf-8")]


class TestHashes:
    """ASVS 11.4.1: SHA-256, HMAC with it, argon2; nothing that is broken."""

    def test_nothing_weaker_is_used(self):
        assert [] == code(r"\b(md5|sha1|sha224|DES|RC4|ECB|PKCS1v15)\b")


class TestSecrets:
    """ASVS 13.3.1: no secret stands in the tree."""

    def test_no_key_is_in_the_tree(self):
        assert [] == code(r"-----BEGIN|BEGIN PRIVATE KEY|secret_key\s*=\s*[\"']")


class TestOutside:
    """ASVS 1.3.6, 13.1.1, 13.2.4, 15.3.2: whom the service talks to is written down; nothing is started or followed."""

    @pytest.fixture
    def talking(self):
        return [
            source
            for source in sources("timebank")
            if not source.path.startswith("timebank/bench/") and OPENS_A_CONNECTION.search(source.text)
        ]

    def test_each_file_that_talks_to_others_is_told(self, talking):
        told = TEXT[TEXT.index("## Outside") : TEXT.index("## Logs")]

        assert talking
        assert [] == [source.path for source in talking if f"`{source.path}`" not in told]

    def test_nothing_follows_a_redirect(self, talking):
        assert [] == [source.path for source in talking if re.search(r"urlopen|follow_redirects", source.text)]

    def test_nothing_is_started(self):
        assert [] == [line for line in code(r"\bsubprocess\b|os\.system|os\.popen") if "/bench/" not in line]
