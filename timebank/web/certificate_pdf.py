"""A certificate as a file: PDF/A with embedded Chinese fonts, made by typst from the template and nothing but data.

The library and its fonts are large and are loaded when the first certificate is printed. Where one of them is not
installed, the page says so and prints from the browser as before. It takes about a tenth of a second and no
transaction is open meanwhile; the same certificate gives the same file, letter for letter.
"""

import importlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from timebank import resources
from timebank.refusal import Refusal

TEMPLATE: Final = "certificates/certificate.typ"
STANDARD: Final = "a-2a"
"""PDF/A-2a: kept for decades, and read aloud."""
LIBRARY: Final = "typst"
FONTS: Final = "pylopdf_fonts_zh_cn"
FAMILIES: Final = ("Noto Serif SC", "Noto Sans SC")


class PdfUnavailable(Refusal):
    """The library or the fonts of the PDF are not installed; the page itself can be printed."""

    code = "certificate_pdf_unavailable"


def pdf_of(words: Mapping[str, Any], *, issued_at: datetime) -> bytes:
    """Set a certificate; `words` is all that the template asks for.

    Raises:
        PdfUnavailable: the library or its fonts are not there, or do not do what is asked.
    """
    library = _loaded(LIBRARY)
    template = (resources.templates_folder() / TEMPLATE).read_bytes()
    data = json.dumps({**words, "fonts": FAMILIES}, ensure_ascii=False)
    try:
        made: bytes = library.compile(
            template,
            format="pdf",
            font_paths=[_font_folder()],
            ignore_system_fonts=True,
            sys_inputs={"data": data},
            pdf_standards=[STANDARD],
            timestamp=int(issued_at.timestamp()),
        )
    except library.TypstError as error:
        raise PdfUnavailable(missing=LIBRARY) from error
    return made


@cache
def _font_folder() -> str:
    folder = Path(str(_loaded(FONTS).__file__)).parent
    if not any(folder.glob("*.otf")):
        raise PdfUnavailable(missing=FONTS)
    return str(folder)


def _loaded(module: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError as error:
        raise PdfUnavailable(missing=module) from error
