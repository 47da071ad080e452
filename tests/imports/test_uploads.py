"""What comes in as a file and is none is refused; what is one waits for a second person (trust.md I19, I20)."""

import pytest

from tests.imports.builders import a_person, a_service, confirmed, registered, submitted_hours
from timebank.imports.reading import read_table
from timebank.imports.rules import ConfirmerIsMaker
from timebank.refusal import Refusal

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\xc3P\x00\x00\xc3P\x08\x02\x00\x00\x00" + b"\x00" * 64
"""The beginning of a picture of 50,000 by 50,000 points."""
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


class TestPictures:
    """I20: no picture is ever read; whatever a file is called, it is looked at as a table and refused."""

    @pytest.mark.parametrize("name", ["a.png", "a.csv", "a.xlsx"])
    @pytest.mark.parametrize("content", [PNG, SVG], ids=["png", "svg"])
    def test_a_picture_is_no_table(self, name, content):
        with pytest.raises(Refusal):
            read_table(name, content)


class TestTwoPersons:
    """I19: a file goes the same way as what is typed: a second person confirms it."""

    def test_whoever_brought_it_does_not_confirm_it(self, office):
        registered(office, a_person())
        batch = submitted_hours(office, a_service())

        with pytest.raises(ConfirmerIsMaker):
            confirmed(office, batch, by=office.chen)
