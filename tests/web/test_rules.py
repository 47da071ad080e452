"""The pages of the rules: read by everybody, changed by two persons, tried on twelve months before they hold."""

import re
from datetime import timedelta

import pytest

from tests.web.sites import said
from timebank import clock
from timebank.ledger.days import day_of
from timebank.rulebook import simulation
from timebank.rulebook.queries import rule_proposals, rule_versions
from timebank.rulebook.rules import blocks_of, ordinary_document

NEW = {"reason": "新的一年"}


def typed(**changes):
    """What stands on the form as it is opened, with some values typed over; `__` stands for a dot."""
    texts = {
        f"rule:{field.path}": field.text
        for block in blocks_of(ordinary_document())
        for row in block.rows
        for field in row
    }
    return texts | {f"rule:{path.replace('__', '.')}": text for path, text in changes.items()}


def proposal(**changes):
    """A form ready to be sent: from tomorrow on."""
    tomorrow = day_of(clock.now()) + timedelta(days=1)
    return typed(**changes) | NEW | {"valid_from": tomorrow.isoformat()}


def proposed(site):
    """The one proposal of the town."""
    with site.reading() as session:
        (found,) = rule_proposals(session, "xfl")
    return found


class TestReading:
    """V4 规则: anybody reads by which rules points are given, without signing in."""

    def test_shows_the_rules_in_force_in_sentences(self, site):
        words = said(site.visitor().get("/rules"))

        assert "服务1小时，得10分。" in words
        assert "现在按这一版" in words
        assert "全国志愿服务星级" in words

    def test_shows_what_a_version_changed(self, site):
        words = said(site.visitor().get("/rules/2"))

        assert "比上一版改了什么" in words
        assert "上线以前的签到表：只记时长，不记积分。" in words

    def test_gives_the_document_whose_hash_stands_in_the_books(self, site):
        answer = site.visitor().get("/rules/2/document")

        assert 200 == answer.status_code
        assert b'"points_e2_per_hour":1000' in answer.data

    def test_a_version_that_was_never_published_is_not_there(self, site):
        assert 404 == site.visitor().get("/rules/99").status_code


class TestProposing:
    """A community changes its rules without a programmer, by two persons, never for days gone by."""

    def test_the_form_explains_every_value_with_its_range(self, site):
        words = said(site.visitor("admin").get("/admin/rules/new"))

        assert "预约的物品保留多久" in words
        assert "1–720 小时" in words

    def test_shows_what_it_would_have_paid_and_submits_nothing(self, site):
        before = site.state()

        answer = site.visitor("admin").post("/admin/rules/look", typed(points_e2_per_hour="500"))

        assert "服务1小时，得5分。" in said(answer)
        assert "过去12个月会怎样" in said(answer)
        assert b'<svg class="chart" role="img"' in answer.data
        assert re.search(r"货架够换大家积分的 \d+%。", said(answer))
        assert '<th scope="row">环境清洁</th>' in answer.get_data(as_text=True)
        assert '<th scope="row">cleaning</th>' not in answer.get_data(as_text=True)
        assert before == site.state()

    def test_tells_how_far_it_is_while_it_computes(self, site, monkeypatch):
        monkeypatch.setattr(simulation, "STEP", 10)

        answer = site.visitor("admin").post("/admin/rules/look", typed(points_e2_per_hour="500"))

        told = [int(one) for one in re.findall(r"看过了 (\d+)% 的账", answer.get_data(as_text=True))]
        assert sorted(set(told)) == told
        assert len(told) > 1
        assert "这里只是试算，账没有变" in said(answer)

    def test_sends_each_step_when_it_is_made(self, site, monkeypatch):
        monkeypatch.setattr(simulation, "STEP", 10)
        visitor = site.visitor("admin")
        fields = typed(points_e2_per_hour="500") | {"csrf_token": visitor.token}

        with visitor.client.post("/admin/rules/look", data=fields) as answer:
            pieces = [piece.decode() for piece in answer.response]

        assert "修改规则" in pieces[0]
        assert "这里只是试算" not in "".join(pieces[:-1])
        assert len(pieces) == 1 + sum("看过了" in piece for piece in pieces)

    def test_stands_among_what_is_to_be_done_until_somebody_has_decided(self, site):
        li, admin = site.visitor("li"), site.visitor("admin")
        assert "等确认的规则修改" not in said(li.get("/coord"))
        admin.post("/admin/rules/new", proposal(points_e2_per_hour="500"))

        assert "等确认的规则修改 1 项" in said(li.get("/coord"))
        assert "有规则修改等另一位确认" in said(admin.get("/admin"))

        li.post("/admin/rules/confirm", {"proposal": proposed(site).proposal_id})

        assert "等确认的规则修改" not in said(li.get("/coord"))
        assert "有规则修改等另一位确认" not in said(admin.get("/admin"))

    def test_is_published_by_a_second_person(self, site):
        site.visitor("admin").post("/admin/rules/new", proposal(points_e2_per_hour="500"))

        site.visitor("li").post("/admin/rules/confirm", {"proposal": proposed(site).proposal_id})

        with site.reading() as session:
            assert 500 == rule_versions(session, "xfl")[-1].document.points_e2_per_hour

    def test_is_not_confirmed_by_who_proposed_it(self, site):
        admin = site.visitor("admin")
        admin.post("/admin/rules/new", proposal(points_e2_per_hour="500"))

        answer = admin.post("/admin/rules/confirm", {"proposal": proposed(site).proposal_id})

        assert 409 == answer.status_code
        assert "需要由另一位工作人员确认" in said(answer)

    @pytest.mark.parametrize(("verb", "who"), [("reject", "li"), ("withdraw", "admin")])
    def test_may_be_turned_down_or_taken_back(self, site, verb, who):
        site.visitor("admin").post("/admin/rules/new", proposal(points_e2_per_hour="500"))

        site.visitor(who).post(f"/admin/rules/{verb}", {"proposal": proposed(site).proposal_id})

        assert "open" != proposed(site).state

    def test_a_refusal_names_the_place_and_keeps_what_was_typed(self, site):
        answer = site.visitor("admin").post("/admin/rules/new", proposal(limits__hold_hours="一天"))

        assert 409 == answer.status_code
        assert "limits.hold_hours" in said(answer)
        assert 'value="一天"' in answer.get_data(as_text=True)

    def test_a_row_that_is_emptied_is_gone_and_the_last_one_is_new(self, site):
        emptied = {f"service_classes[0].{name}": "" for name in ("code", "name", "synonyms", "percent")}
        added = {
            "service_classes[14].code": "reading",
            "service_classes[14].name": "读报",
            "service_classes[14].percent": "150",
        }

        site.visitor("admin").post("/admin/rules/new", proposal(**emptied, **added))

        classes = {found.code: found for found in proposed(site).document.service_classes}
        assert "culture_sports" not in classes
        assert 150 == classes["reading"].percent

    def test_a_coordinator_reads_proposals_and_proposes_none(self, site):
        assert 200 == site.visitor("li").get("/admin/rules").status_code
        assert 403 == site.visitor("li").get("/admin/rules/new").status_code
