"""What is said of a field that is wrong: a sentence that also knows its code."""


class Said(str):
    """A sentence for people with a code for programs."""

    code: str

    def __new__(cls, sentence: str, code: str) -> "Said":
        """Say a sentence under a code."""
        said = super().__new__(cls, sentence)
        said.code = code
        return said
