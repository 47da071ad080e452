"""What is printed for the till: labels and cards on paper of the right size."""

import re

import pytest

POINTS_PER_MM = 72 / 25.4


def sizes_mm(pdf: bytes) -> list[tuple[int, int]]:
    """The sizes of the pages of a PDF, in whole millimetres."""
    boxes = re.findall(rb"/MediaBox\s*\[\s*0 0 ([\d.]+) ([\d.]+)", pdf)
    return [(round(float(width) / POINTS_PER_MM), round(float(height) / POINTS_PER_MM)) for width, height in boxes]


@pytest.mark.parametrize("database_kind", ["sqlite"])
class TestPaper:
    """experience.md 5.4 and 0.5: each label its own 40 by 30 mm, or a sheet of A4."""

    def printed(self, clerk, town, path):
        clerk.page.goto(f"{town.url}{path}")
        return sizes_mm(clerk.page.pdf(prefer_css_page_size=True))

    def test_a_roll_has_a_page_for_each_label(self, clerk, town):
        assert [(40, 30)] * 3 == self.printed(clerk, town, "/stock/labels?paper=roll")

    def test_labels_and_cards_fit_on_sheets_of_a4(self, clerk, town):
        assert [(210, 297)] == self.printed(clerk, town, "/stock/labels")
        assert {(210, 297)} == set(self.printed(clerk, town, "/till/cards"))
