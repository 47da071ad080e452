"""A figure is a ratio inside one round, and noise is told apart from slowness."""

from timebank.bench.measuring import NOISE_MAX, Measured, Spent, compare, figures, repeated
from timebank.bench.reporting import Line, json_lines, medians, skipped, table
from timebank.bench.targets import TARGETS


def a_line(*ratios, number="8", yardstick=1.0):
    return Line(number, "sqlite", Measured(tuple(ratios), (yardstick,) * len(ratios)), "/s")


class TestComparing:
    """performance.md section 3: both sides in every round, the ratio taken inside the round."""

    def test_takes_the_median_of_the_ratios_of_the_rounds(self):
        measured = Measured((2.0, 30.0, 1.0, 4.0, 3.0), (4.0, 10.0, 4.0, 8.0, 3.0))

        assert (0.5, 3.0, 0.25, 0.5, 1.0) == measured.ratios
        assert 0.5 == measured.median

    def test_the_figure_itself_counts_where_nothing_stands_beside_it(self):
        assert 2.0 == Measured((1.0, 2.0, 3.0), ()).median

    def test_says_how_much_the_yardstick_itself_differs(self):
        assert 2.0 == Measured((1.0, 1.0), (3.0, 6.0)).noise

    def test_runs_both_sides_in_every_round_and_in_both_orders(self):
        ran = []

        def side(name):
            def run(_seconds):
                ran.append(name)
                return Spent(calls=1, seconds=2.0, cpu_seconds=0.5)

            return run

        measured = compare(side("subject"), side("yardstick"), rounds=8, seconds=0, read=lambda spent: spent.per_second)

        rounds = [tuple(ran[start : start + 2]) for start in range(2, len(ran), 2)]
        assert {("subject", "yardstick"), ("yardstick", "subject")} == set(rounds)
        assert (1.0,) * 8 == measured.ratios

    def test_one_run_is_read_in_several_ways(self):
        rounds = ((Spent(10, 2.0, 1.0), Spent(10, 1.0, 0.1)),)

        assert (0.5,) == figures(rounds, lambda spent: spent.per_second).ratios
        assert (10.0,) == figures(rounds, lambda spent: spent.cpu_ms_each).ratios
        assert (2.0,) == figures(rounds, lambda spent: spent.seconds_each).ratios

    def test_a_call_that_takes_longer_than_the_round_is_made_once(self):
        called = []

        spent = repeated(lambda: called.append(1))(0)

        assert [1] == called
        assert 1 == spent.calls


class TestVerdicts:
    """performance.md section 2: floors must hold, aims are what we are after, noise judges nothing."""

    def test_the_floor_holds_at_its_boundary_and_the_aim_at_its_own(self):
        assert ["MISSED", "floor", "floor", "aim"] == [a_line(ratio).verdict for ratio in (0.29, 0.30, 0.44, 0.45)]

    def test_some_figures_must_be_small(self):
        assert ["aim", "floor", "MISSED"] == [a_line(ratio, number="1").verdict for ratio in (3.3, 5.0, 5.1)]

    def test_refuses_to_judge_when_the_yardstick_differs_too_much(self):
        noisy = Line("8", "sqlite", Measured((1.0, 1.0), (1.0, NOISE_MAX + 0.1)), "/s")
        just = Line("8", "sqlite", Measured((1.0, 1.0), (1.0, NOISE_MAX)), "/s")

        assert ["too noisy", "aim"] == [noisy.verdict, just.verdict]

    def test_a_floor_is_never_stricter_than_its_aim(self):
        assert [] == [one.number for one in TARGETS.values() if not one.holds(one.aim, one.floor)]


class TestReporting:
    """performance.md section 3: one line of JSON for each measurement, a table, an earlier run beside it."""

    def test_the_table_says_why_something_was_skipped(self):
        told = table([a_line(0.5), skipped("1", "needs --database-url", "postgresql")], {})

        assert "| 8 | redeem, SQLite" in told
        assert "0.50 (0.50–0.50) | aim |" in told
        assert "| needs --database-url | skipped |" in told

    def test_an_earlier_run_stands_beside_each_figure(self):
        earlier = medians(json_lines([a_line(0.25), skipped("1", "needs --database-url", "postgresql")]))

        told = table([a_line(0.5), a_line(2.0, number="9")], earlier)

        assert "| aim | 0.25 |" in told
        assert "| aim | – |" in told
