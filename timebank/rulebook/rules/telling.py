"""Telling: how the sentences of the rules are said. They are written in Chinese; the pages bring other languages.

`worded` marks a text that somebody else will tell, so that the catalogue of the pages finds it.
"""

from typing import Protocol


class Tell(Protocol):
    """Say a sentence in some language, its facts filled in."""

    def __call__(self, sentence: str, **facts: object) -> str:
        """Return the sentence; facts stand in braces."""


def in_chinese(sentence: str, **facts: object) -> str:
    """Say a sentence as it is written."""
    return sentence.format(**facts)


def worded(text: str) -> str:
    """Return a text as it is; it is told later."""
    return text
