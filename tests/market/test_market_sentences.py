"""The sentences of the till: what is missing, what is left, what did not happen, what to do next."""

import ast
from string import Formatter

from tests.meta.sources import sources
from timebank.refusal import Refusal
from timebank.web.sentences import (
    market,
    moving,
    noting,
    relief,
    reserving,
    second_looks,
    shifts,
    stocktaking,
    vouchers,
)
from timebank.web.texts import told

ROOM = (market, moving, noting, relief, reserving, second_looks, shifts, stocktaking, vouchers)
SENTENCES = {code: both for part in ROOM for code, both in part.SENTENCES.items()}
NAMED = {"good_number": "G0001", "good_name": "香皂", "unit_word": "块"}


class TestTheSentencesOfTheTill:
    """experience.md 2.4: 您, one idea a sentence, number first; what did not happen, then the next step."""

    def test_points_short(self):
        facts = {"missing_points_e2": 800, "needed_points_e2": 4500, "available_points_e2": 3700}

        assert "积分不够，还差 8 分。没有扣分。可以拿掉一件。" == told("points_short", facts)

    def test_half_a_point_short(self):
        facts = {"missing_points_e2": 50, "needed_points_e2": 4500, "available_points_e2": 4450}

        assert "积分不够，还差 0.5 分。没有扣分。可以拿掉一件。" == told("points_short", facts)

    def test_out_of_stock(self):
        expected = "香皂只剩 0 块，要的是 2 块。没有扣分。要少换些，或换成别的吗？"

        assert expected == told("out_of_stock", NAMED | {"left_pieces": 0, "pieces": 2})

    def test_the_limit_of_a_good(self):
        expected = "香皂每人每月换 2 块，您这个月已换 2 块。没有扣分。请拿掉一些，下个月再换。"

        assert expected == told("good_limit_reached", NAMED | {"month_pieces_max": 2, "had_pieces": 2, "pieces": 1})

    def test_an_unknown_bar_code(self):
        assert "没有这个条码：6901234567892。没有加入。" == told("unknown_barcode", {"barcode": "6901234567892"})


class TestEverySentence:
    """style.md section 5: a refusal carries the facts that make its sentence complete."""

    def test_every_refusal_of_the_market_has_one_and_the_reverse(self):
        ours = {code for code, kind in Refusal.kinds().items() if kind.__module__.startswith("timebank.market")}

        assert ours == set(SENTENCES)

    def test_every_fact_that_a_sentence_names_is_given_wherever_it_is_refused(self):
        missing = [
            f"{source.path}:{call.lineno} {code} lacks {fields_of(sentence) - given_in(call)}"
            for source in sources("timebank/market")
            for call, code in refusals_in(source)
            for sentence in SENTENCES[code]
            if not fields_of(sentence) <= given_in(call)
        ]

        assert [] == missing


def refusals_in(source):
    """Every place of a file where a refusal of the market is made, with its code."""
    classes = {
        kind.__name__: code for code, kind in Refusal.kinds().items() if kind.__module__.startswith("timebank.market")
    }
    return [(call, classes[name]) for call, name in source.calls() if name in classes]


def given_in(call: ast.Call):
    """The names of the facts that are given; `**_named(good)` gives the words for the good."""
    given = {keyword.arg for keyword in call.keywords if keyword.arg is not None}
    return given | set(NAMED) if any(keyword.arg is None for keyword in call.keywords) else given


def fields_of(sentence):
    return {name for _text, name, _form, _conversion in Formatter().parse(sentence) if name}
