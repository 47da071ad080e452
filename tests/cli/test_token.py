"""`timebank token`: a token is printed once, is for reading unless more is asked for, and ends at once."""

import pytest

from tests.cli.offices import done, told
from timebank import clock
from timebank.database import reading
from timebank.tokens import queries
from timebank.tokens.rules import Scope, read

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


def caller(database, token):
    """Who comes with a token now."""
    community_id, secret = read(token) or ("", "")
    with reading(database.engine) as session:
        return queries.find_caller(session, community_id, secret=secret, at=clock.now())


class TestToken:
    """experience.md 4.2 and 4.3."""

    def test_it_is_data_and_for_reading(self, office, database):
        said = done(office("token", "add", "--name", "街道报表", "--as", "zhou"))

        assert (Scope.READ,) == caller(database, said.out.strip()).token.scopes

    def test_more_is_asked_for_by_name(self, office, database):
        said = done(office("token", "add", "--name", "收银机", "--scope", "market:write", "--days", 30, "--as", "zhao"))

        assert (Scope.MARKET,) == caller(database, said.out.strip()).token.scopes

    def test_repeated_under_its_key_it_is_not_shown_again(self, office):
        words = ("token", "add", "--name", "街道报表", "--as", "zhou", "--key", "the-same-key")
        done(office(*words))

        again = done(office(*words))

        assert "" == again.out
        assert "令牌当时已经给出" in again.err

    def test_nobody_is_somebody_by_saying_nothing(self, office):
        assert 3 == office("token", "add", "--name", "街道报表").code

    def test_the_list_has_no_secret_and_an_admin_ends_it(self, office, database):
        token = done(office("token", "add", "--name", "街道报表", "--as", "zhou")).out.strip()

        (listed,) = told(done(office("--json", "token", "list")))
        assert token not in str(listed)
        done(office("token", "end", listed["id"], "--as", "admin"))

        assert caller(database, token) is None
        assert "已停用" in done(office("token", "list")).out

    def test_one_that_never_was_is_not_found(self, office):
        assert 4 == office("token", "end", "01980f0e-7000-7000-8000-000000000000", "--as", "admin").code
