"""English: the catalogue of the pages, read once at the start from the text file in which people write it.

Nothing compiled lies in the tree, so nothing can be forgotten, and two people's additions meet as lines of text. The
library would read its compiled file anew for every request.
"""

import io
from functools import cache
from typing import Any, Final

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations
from flask import Flask, g
from flask_babel import Babel, Domain, get_locale

from timebank import resources

CHINESE: Final = NullTranslations()
"""The texts stand in Chinese in code and templates."""


class Catalogue(Domain):
    """What every text is in the language of the page."""

    def __init__(self) -> None:
        """Read the English."""
        super().__init__()
        self.english = catalogue()

    def get_translations(self) -> NullTranslations:
        """Return the English for a page in English; everything else is as it is written."""
        locale = get_locale()
        return self.english if locale is not None and locale.language == "en" else CHINESE


@cache
def catalogue() -> Translations:
    """Return the English, read once."""
    return _read()


def _read() -> Translations:
    compiled = io.BytesIO()
    with resources.catalogue().open("rb") as written:
        write_mo(compiled, read_po(written, locale="en"))
    compiled.seek(0)
    return Translations(compiled)


class Languages(Babel):
    """The library with our catalogue, one for all requests."""

    def __init__(self, app: Flask, **options: Any) -> None:
        """Read the catalogue, then take part in the application."""
        self.catalogue = Catalogue()
        super().__init__(app, **options)
        environment: Any = app.jinja_env  # the extension for languages adds what is called here
        environment.install_gettext_callables(
            gettext=lambda text: self._of_page().gettext(text),
            ngettext=lambda one, many, count: self._of_page().ngettext(one, many, count),
            newstyle=True,
        )

    def _of_page(self) -> NullTranslations:
        """Return the texts of the page that is being drawn; the library would look for its language at each text."""
        found: NullTranslations | None = g.get("texts_of_page")
        if found is None:
            found = g.texts_of_page = self.catalogue.get_translations()
        return found

    @property
    def domain_instance(self) -> Domain:
        """What the library asks for each request."""
        return self.catalogue
