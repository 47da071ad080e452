"""Charts: bars drawn on the server as SVG, labelled directly, with a title and a description for who cannot see them.

They print in black and white (each bar has its value beside it), need no script, and stand above a table that says the
same. Bars begin at zero.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _
from markupsafe import Markup

_WIDTH: Final = 720
_LABEL: Final = 200
_VALUE: Final = 110
_ROW: Final = 44
_BAR: Final = 26
_FILLS: Final = ("#b3261e", "#1f4e9c")
"""The colours of the style sheet, at least 3:1 against the page."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: its name, its length (0 or more, any unit), and the value as it is read."""

    label: str
    length: int
    shown: str


def bar_chart(name: str, title: str, bars: Sequence[Bar]) -> Markup:
    """Draw bars one below the other.

    Args:
        name: the id of the chart on its page; small ASCII letters.
        title: what it shows; the description is made from the bars.
    """
    longest = max((bar.length for bar in bars), default=0) or 1
    described = _("；").join(f"{bar.label} {bar.shown}" for bar in bars)
    rows = Markup("").join(_row(place, bar, longest) for place, bar in enumerate(bars))
    return Markup(
        '<svg class="chart" role="img" aria-labelledby="{name}-title {name}-desc" viewBox="0 0 {width} {height}" '
        'xmlns="http://www.w3.org/2000/svg"><title id="{name}-title">{title}</title>'
        '<desc id="{name}-desc">{described}</desc>{rows}</svg>'
    ).format(name=name, width=_WIDTH, height=_ROW * len(bars), title=title, described=described, rows=rows)


def _row(place: int, bar: Bar, longest: int) -> Markup:
    space = _WIDTH - _LABEL - _VALUE
    width = max(1, bar.length * space // longest) if bar.length else 0
    top = place * _ROW
    return Markup(
        '<text x="{label}" y="{middle}" text-anchor="end" font-size="18">{words}</text>'
        '<rect x="{left}" y="{top}" width="{width}" height="{bar}" fill="{fill}"></rect>'
        '<text x="{after}" y="{middle}" font-size="18">{shown}</text>'
    ).format(
        label=_LABEL - 12,
        middle=top + _ROW // 2 + 6,
        words=bar.label,
        left=_LABEL,
        top=top + (_ROW - _BAR) // 2,
        width=width,
        bar=_BAR,
        fill=_FILLS[place % len(_FILLS)],
        after=_LABEL + width + 10,
        shown=bar.shown,
    )
