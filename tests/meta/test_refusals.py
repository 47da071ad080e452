"""Every refusal has its sentence in Chinese and English, every sentence its refusal, and nothing is left unfilled."""

import ast
import importlib
import pkgutil
import re
from collections.abc import Iterator
from string import Formatter
from typing import Final

import pytest

import timebank
from tests.meta.sources import Source, dotted, sources
from timebank.refusal import Refusal
from timebank.web.texts import SENTENCES

HANZI: Final = re.compile("[\u4e00-\u9fff]")
NEVER_RAISED: Final = frozenset({Refusal.code})
"""The class itself only stands for a kind that an older program had stored."""
CHINESE, ENGLISH = 0, 1


def _every_module() -> None:
    for module in pkgutil.walk_packages(timebank.__path__, "timebank."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)


@pytest.fixture(scope="module")
def kinds() -> dict[str, type[Refusal]]:
    """Every kind of refusal of the program, by code; those that a test defines are not ours."""
    _every_module()
    return {
        code: kind
        for code, kind in Refusal.kinds().items()
        if kind.__module__.startswith("timebank.") and code not in NEVER_RAISED
    }


def _placeholders(sentence: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(sentence) if name is not None}


def _facts_given(source: Source, kinds: dict[str, type[Refusal]]) -> Iterator[tuple[str, str, set[str]]]:
    """Yield where a refusal is made, its code, and the facts that it is given; a mapping of facts cannot be read.

    Of two classes of one name the file means its own room's.
    """
    packages, own = _packages_known(source), ".".join(source.module.split(".")[:2])
    by_name = {
        kind.__name__: code
        for code, kind in sorted(kinds.items(), key=lambda one: one[1].__module__.startswith(own))
        if kind.__module__ == source.module or kind.__module__.split(".")[1] in packages
    }
    for call, name in source.calls():
        code = by_name.get(name.rpartition(".")[2])
        if code is not None and all(keyword.arg for keyword in call.keywords):
            yield source.at(call, name), code, {str(keyword.arg) for keyword in call.keywords}


def _packages_known(source: Source) -> set[str]:
    """Return the packages from which a file imports: it can mean their classes by name."""
    imported = (node.module or "" for node in ast.walk(source.tree) if isinstance(node, ast.ImportFrom))
    return {parts[1] for module in imported if len(parts := module.split(".")) > 1}


class TestSentences:
    """style.md section 5: one class and one sentence for each refusal, complete, in both languages."""

    def test_every_refusal_has_a_sentence(self, kinds):
        assert set() == kinds.keys() - SENTENCES.keys()

    def test_every_sentence_has_a_refusal(self, kinds):
        assert set() == SENTENCES.keys() - kinds.keys()

    def test_the_first_is_chinese_and_the_second_is_english(self):
        wrong = {
            code
            for code, pair in SENTENCES.items()
            if not HANZI.search(pair[CHINESE]) or HANZI.search(_without_placeholders(pair[ENGLISH]))
        }

        assert set() == wrong

    def test_every_sentence_ends_or_is_followed_by_what_it_names(self):
        unfinished = {
            code
            for code, pair in SENTENCES.items()
            if not (pair[CHINESE].endswith(("。", "？", "}")) and pair[ENGLISH].endswith((".", "?", "}")))
        }

        assert set() == unfinished

    @pytest.mark.parametrize("language", [CHINESE, ENGLISH])
    def test_every_placeholder_is_a_fact_wherever_the_refusal_is_made(self, kinds, language):
        made = [found for source in sources("timebank") for found in _facts_given(source, kinds)]

        unfilled = [
            f"{where}: {missing}"
            for where, code, given in made
            if (missing := _placeholders(SENTENCES[code][language]) - given)
        ]

        assert [] == unfilled
        assert len(made) > 100, "the test no longer finds the refusals"


def _without_placeholders(sentence: str) -> str:
    return re.sub(r"\{[^}]*\}", "", sentence)


class TestWords:
    """experience.md 2.4: 您, and never the words that blame."""

    def test_no_sentence_blames_or_flatters(self):
        words = re.compile("非法|无效|错误代码|请输入正确的|亲，|哦|啦|你(?!好)")

        assert {} == {code: pair[CHINESE] for code, pair in SENTENCES.items() if words.search(pair[CHINESE])}


def test_the_names_of_calls_are_read_as_they_are_written():
    """The test above rests on it."""
    tree = ast.parse("raise refusals.NoSuchActivity(activity=number)").body[0]
    assert isinstance(tree, ast.Raise)
    assert isinstance(tree.exc, ast.Call)

    assert "refusals.NoSuchActivity" == dotted(tree.exc.func)
