"""`timebank certificate`: issued by one, replaced, revoked by another, listed, made into a file."""

import pytest

from tests.cli.offices import a_register, done, sheets, told

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def desk(office, tmp_path):
    """Two people are registered and one has served; who issues is said."""
    done(office("import", "volunteers", a_register(tmp_path), "--as", "chen"))
    batch = told(done(office("import", "hours", sheets(tmp_path), "--as", "chen", "--json")))["batch"]
    done(office("batch", "confirm", batch, "--as", "li"))
    done(office("certificate", "office", "--unit", "幸福里社区居委会", "--responsible", "陈主任", "--as", "admin"))
    return office


class TestCertificates:
    """Order 67 articles 14 to 17."""

    def test_from_issuing_to_revoking(self, desk, tmp_path):
        issued = told(done(desk("certificate", "issue", "V0001", "--as", "chen", "--json")))
        own = desk("certificate", "revoke", issued["number"], "--reason", "记错了", "--as", "chen")
        again = told(
            done(desk("certificate", "replace", issued["number"], "--reason", "名字写错", "--as", "chen", "--json"))
        )
        done(desk("certificate", "revoke", again["number"], "--reason", "记错了", "--as", "li"))

        assert 3 == own.code
        listed = told(done(desk("certificate", "list", "--json")))
        assert [(again["number"], "revoked"), (issued["number"], "replaced")] == [
            (one["number"], one["state"]) for one in listed
        ]
        assert "已作废" in done(desk("certificate", "list")).out
        assert f"{again['number']},V0001" in done(desk("certificate", "list", "--csv")).out

    def test_makes_the_file(self, desk, tmp_path):
        number = told(done(desk("certificate", "issue", "V0001", "--as", "chen", "--json")))["number"]

        done(desk("certificate", "file", number, "--output", str(tmp_path / "one.pdf")))

        assert (tmp_path / "one.pdf").read_bytes().startswith(b"%PDF")

    def test_without_service_there_is_none(self, desk):
        refused = desk("certificate", "issue", "V0002", "--as", "chen")

        assert 3 == refused.code
        assert "没有已经入账的服务" in refused.err
