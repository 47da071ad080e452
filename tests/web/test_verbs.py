"""The trail speaks to people: every operation has words."""

import ast

from tests.meta.sources import dotted, sources
from timebank.web.presenting import verb_word
from timebank.web.verbs import VERB_WORDS


def operations_by_name():
    """Return the name of every operation, as it is written in the code."""
    functions = [function for source in sources("timebank") for function in source.functions()]
    decorators = [decorator for function in functions for decorator in function.decorator_list]
    calls = (decorator for decorator in decorators if isinstance(decorator, ast.Call))
    return {ast.literal_eval(call.args[0]) for call in calls if dotted(call.func).endswith("once")}


class TestTheWordsOfTheTrail:
    """experience.md A3: who did what is read by people, not by programs."""

    def test_every_operation_has_words_in_both_languages(self):
        operations = operations_by_name()

        assert len(operations) > 50
        assert set() == operations - VERB_WORDS.keys()
        assert all(all(pair) for pair in VERB_WORDS.values())

    def test_a_verb_without_words_is_shown_as_it_is(self):
        assert "moon.landed" == verb_word("moon.landed")
