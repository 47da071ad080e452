"""One's own data on the pages: consents, corrections, and leaving, while the books stay whole."""

import re
from datetime import timedelta

import pytest
import sqlalchemy as sa

from tests.builders import an_act
from tests.web import town
from tests.web.sites import said
from timebank import clock
from timebank.audit.verification import examine
from timebank.books.requests import Secret
from timebank.books.tables import EntryRow, LineRow, MemoRow
from timebank.database import Base, writing
from timebank.market import queries as market
from timebank.people import queries as people
from timebank.people.operations.signing_in import open_demo_session
from timebank.people.retention import RETENTION
from timebank.pool import operations as pool

SQLITE = pytest.mark.parametrize("database_kind", ["sqlite"])
LEAVER = "V0020"
"""Somebody with posted hours, points, a phone, a document and a home."""


def at_home(site, number):
    """Sign a volunteer in who has no session in the town."""
    with writing(site.engine) as session:
        ahead = an_act(community_id=town.XFL, at=clock.now() + timedelta(minutes=50), number="nobody")
        open_demo_session(session, ahead, login=number, session_secret=Secret(town.secret_of(number)))
    return site.visitor(number)


def without_points(site, number):
    """Let somebody give all of their points into the pool."""
    with writing(site.engine) as session:
        person = people.volunteer(session, town.XFL, number)
        left_e2 = market.passbook(session, town.XFL, number, clock.now()).available_e2
        act = an_act(community_id=town.XFL, at=clock.now(), person_id=person.person_id, number=number)
        pool.donate(session, act, points_e2=left_e2)


def request_on(page):
    """The id of the request that a page shows first."""
    return re.findall(r"/requests/([0-9a-f-]{36})/", page)[0]


def everything_stored(site):
    """Every row of every table, as one text."""
    with site.engine.connect() as connection:
        return "\n".join(
            repr(tuple(row))
            for table in Base.metadata.sorted_tables
            for row in connection.execute(sa.select(table).where(table.c.community_id == town.XFL))
        )


@SQLITE
class TestTheNotice:
    """PIPL 17, 19: what is kept, what for and how long stands where everybody finds it."""

    def test_anybody_reads_it_with_the_table_of_retention(self, site):
        page = site.visitor().text("/privacy")

        assert all(words in page for words in ("个人信息说明", "三十天内答复", "190 天", "400 天"))
        assert len(RETENTION) == page.count("<tr>") - 1
        assert 'href="/privacy"' in site.visitor().text("/login")


@SQLITE
class TestOwnData:
    """PIPL 14, 15, 45, 46: seen, agreed to, withdrawn and put right by its owner."""

    def test_agreed_to_and_withdrawn_with_its_effect(self, site):
        wang = site.visitor(town.WANG)
        assert 302 == wang.post("/me/data/consent", {"what": "document", "version": "1"}).status_code
        assert "撤回：不再保存证件号码" in wang.text("/me/data")

        wang.post("/me/data/withdraw-consent", {"what": "document"})

        page = wang.text("/me/data")
        assert "证件号码已经删掉" in page
        assert "990000" not in page

    def test_a_text_that_has_changed_is_not_agreed_to(self, site):
        answer = site.visitor(town.WANG).post("/me/data/consent", {"what": "notice", "version": "9"})

        assert 409 == answer.status_code
        assert "说明已经改过" in said(answer)

    def test_a_correction_is_asked_for_and_answered(self, site):
        wang, li = site.visitor(town.WANG), site.visitor("li")
        wang.post("/me/data/correction", {"words": "我住 5 号楼"})
        waiting = li.text("/people/requests")
        assert "我住 5 号楼" in waiting

        fields = {"words": "已经改好", "outcome": "done"}
        assert 302 == li.post(f"/people/requests/{request_on(waiting)}/answer", fields).status_code

        assert "答复：已经改好" in wang.text("/me/data")
        assert "没有等答复的" in li.text("/people/requests")

    def test_an_answer_says_something(self, site):
        wang, li = site.visitor(town.WANG), site.visitor("li")
        wang.post("/me/data/correction", {"words": "我住 5 号楼"})
        request_id = request_on(li.text("/people/requests"))

        assert 400 == li.post(f"/people/requests/{request_id}/answer", {"outcome": "done"}).status_code
        assert 400 == li.post(f"/people/requests/{request_id}/answer", {"words": "好的"}).status_code

    def test_what_was_signed_on_paper_is_written_down(self, site):
        site.visitor("li").post(f"/people/{town.WANG}/consent", {"what": "notice", "version": "1"})

        assert "撤回并要求销户" in site.visitor(town.WANG).text("/me/data")

    def test_its_owner_takes_a_request_back(self, site):
        wang = site.visitor(town.WANG)
        wang.post("/me/data/closing", {"words": "搬走了"})

        wang.post(f"/me/data/requests/{request_on(wang.text('/me/data'))}/withdraw")

        assert "没有等答复的" in site.visitor("li").text("/people/requests")


class TestLeaving:
    """PIPL 47, domain.md V8: identity and salts are deleted, two persons, and the books stay whole."""

    def ask(self, site, number=LEAVER, by="li"):
        """Ask at the desk for somebody's closing; return the address at which another one does it."""
        visitor = site.visitor(by)
        assert 302 == visitor.post(f"/people/{number}/requests", {"words": "搬走了"}).status_code
        return f"/people/requests/{request_on(visitor.text('/people/requests'))}/close"

    def test_without_a_reason_nothing_is_asked_and_the_desk_is_told(self, site):
        li = site.visitor("li")

        answer = li.post(f"/people/{LEAVER}/requests", {"words": ""})

        assert 400 == answer.status_code
        assert "还没有保存" in answer.get_data(as_text=True)
        assert "搬走" not in li.text("/people/requests")

    def test_identity_and_salts_are_gone_and_every_proof_holds(self, site):
        with site.reading() as session:
            person = people.volunteer(session, town.XFL, LEAVER)
            before = self.leaves(session)
        owner = at_home(site, LEAVER)
        without_points(site, LEAVER)
        address = self.ask(site)

        answer = site.visitor("chen").post(address)

        assert (302, "/people/requests") == (answer.status_code, answer.headers["Location"])
        assert "/login" in owner.get("/me").headers["Location"]
        with site.reading() as session:
            gone = people.volunteer(session, town.XFL, LEAVER)
            assert "已销户" == gone.name
            assert not any((gone.masked_phone, gone.building, gone.household))
            assert gone.closed_on is not None
            assert before == self.leaves(session)[: len(before)]
            assert not self.memos_of(session, LEAVER)
            assert examine(session, town.XFL, ()).sound
        assert person.masked_phone is not None
        assert f"1990000{1000 + int(LEAVER[1:])}" not in everything_stored(site)

    def leaves(self, session):
        own = sa.select(EntryRow.leaf_hash).where(EntryRow.community_id == town.XFL)
        return session.scalars(own.order_by(EntryRow.seq)).all()

    def memos_of(self, session, number):
        own = (
            sa.select(LineRow.seq)
            .select_from(LineRow)
            .join(Base.metadata.tables["account"], sa.text("account.id = line.account_id"))
            .where(sa.text("account.owner = :number AND account.community_id = line.community_id"))
        )
        query = sa.select(MemoRow.seq).where(MemoRow.community_id == town.XFL, MemoRow.seq.in_(own))
        return session.scalars(query, {"number": number}).all()

    def test_while_something_is_open_every_reason_is_told_and_nothing_is_done(self, site):
        address = self.ask(site, town.WANG)
        before = site.visitor("li").text(f"/people/{town.WANG}")

        answer = site.visitor("chen").post(address)

        assert 409 == answer.status_code
        assert all(words in said(answer) for words in ("存折里还有", "还有时长等审批", "还有星级评定"))
        assert "已销户" not in before
        assert 200 == site.visitor(town.WANG).get("/me").status_code

    def test_who_asked_does_not_close(self, site):
        without_points(site, LEAVER)
        address = self.ask(site)

        answer = site.visitor("li").post(address)

        assert 409 == answer.status_code
        assert "由另一位同事办" in said(answer)

    def test_after_it_nobody_signs_in_and_the_number_is_found_closed(self, site):
        without_points(site, LEAVER)
        site.visitor("chen").post(self.ask(site))

        assert "已销户" in site.visitor("li").text(f"/people/{LEAVER}")
        assert 409 == site.visitor().post("/login", {"login": LEAVER, "password": "海棠花在三号楼下开了"}).status_code
