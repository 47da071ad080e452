"""`timebank training`: recorded by one, approved by another, listed."""

import pytest

from tests.cli.offices import a_register, done, told

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])
WORDS = ("--course", "急救", "--organiser", "红十字会", "--on", "2026-11-02", "--time", "3小时")


class TestTrainings:
    """Order 67 article 8."""

    def test_from_the_list_of_who_came_to_what_counts(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))

        recorded = told(done(office("training", "record", "V0001", "V0002", *WORDS, "--as", "chen", "--json")))
        first, second = recorded["trainings"]
        assert "等通过" in done(office("training", "list")).out
        approved = done(office("training", "approve", first, "--as", "li"))
        done(office("training", "reject", second, "--reason", "没有来", "--as", "li"))

        assert "通过 1 条" in approved.err
        listed = done(office("training", "list", "V0001")).out
        assert "急救" in listed
        assert "已通过" in listed
        (rejected,) = told(done(office("training", "list", "V0002", "--json")))
        assert ("rejected", "没有来", 180) == (rejected["state"], rejected["reason"], rejected["minutes"])

    def test_the_recorder_does_not_approve(self, office, tmp_path):
        done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
        recorded = told(done(office("training", "record", "V0001", *WORDS, "--as", "chen", "--json")))

        refused = office("training", "approve", *recorded["trainings"], "--as", "chen")

        assert 3 == refused.code
        assert "请另一位工作人员通过" in refused.err
