"""The English of the pages: one catalogue, made from the Chinese that stands in code and templates.

    make texts

collects what is new and drops what is gone. What has no English yet stays empty in `english.po` and is named; write it
there and run the command again. A test does the same and compares, so nothing is forgotten.
"""

import io
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po, write_po

from tests.meta.sources import ROOT
from timebank import resources

SOURCE: Final = resources.catalogue()
METHODS: Final = {
    "timebank": [("cli/**.py", "ignore"), ("**.py", "python")],
    "templates": [("**.html", "jinja2")],
}
"""How each folder is read; the command line keeps its two languages side by side."""
OPTIONS: Final = {"**.html": {"silent": "false"}}
"""A template that cannot be read is an error, not a template without texts."""
KEYWORDS: Final = DEFAULT_KEYWORDS | {"lazy_gettext": None, "tell": None, "worded": None}
"""What the Chinese stands in: gettext's own, and the marks of the rooms below the pages that know no language."""
HEADER: Final = "# The English of the pages. Written by hand, kept up to date by `make texts`."
WIDTH: Final = 118
NO_DATE: Final = datetime(2026, 1, 1, tzinfo=UTC)
"""A date in the file would make two people's changes collide, and say nothing that git does not know."""


def extracted() -> Catalog:
    """Read every text of the pages from code and templates."""
    catalogue = _new()
    for folder, methods in METHODS.items():
        found = extract_from_dir(
            ROOT / folder,
            method_map=methods,
            options_map=OPTIONS,
            keywords=KEYWORDS,
            directory_filter=lambda _folder: True,
        )
        for _path, _line, message, _comments, _context in found:
            catalogue.add(message)
    return catalogue


def _new() -> Catalog:
    return Catalog(
        locale="en",
        header_comment=HEADER,
        project="timebank",
        last_translator="",
        language_team="",
        creation_date=NO_DATE,
        revision_date=NO_DATE,
        fuzzy=False,
    )


def translated() -> Catalog:
    """Read the catalogue as it is in the tree."""
    with SOURCE.open("rb") as file:
        return read_po(file, locale="en")


def brought_up_to_date() -> Catalog:
    """Return the extracted texts with the English that is known for them; nothing is guessed."""
    known, catalogue = translated(), extracted()
    for message in catalogue:
        if message.id and message.id in known:
            message.string = known[message.id].string
    return catalogue


def messages(catalogue: Catalog) -> Iterator[Message]:
    """Yield the messages of a catalogue without its header."""
    return (message for message in catalogue if message.id)


def written(catalogue: Catalog) -> bytes:
    """Write a catalogue as text: sorted and without line numbers, so that changes of two people seldom meet."""
    file = io.BytesIO()
    write_po(file, catalogue, width=WIDTH, sort_output=True, no_location=True)
    return file.getvalue()


def has_english(message: Message) -> bool:
    """Tell whether there is English for a text; one that counts something has it for one and for many."""
    forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return all(forms)


def main() -> None:
    """Bring the file up to date and name what has no English yet."""
    catalogue = brought_up_to_date()
    SOURCE.write_bytes(written(catalogue))
    missing = [message.id for message in messages(catalogue) if not has_english(message)]
    place = SOURCE.relative_to(Path.cwd()) if SOURCE.is_relative_to(Path.cwd()) else SOURCE
    sys.stderr.write("".join(f"{place}: no English for {text!r}\n" for text in missing))
    sys.exit(1 if missing else 0)


if __name__ == "__main__":
    main()
