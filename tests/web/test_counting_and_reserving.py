"""The pages of counting and reserving: what a scanner types, what a phone sends, and what each role is shown."""

import re

import pytest

from tests.web.sites import said
from tests.web.town import PASTE, SOAP, SOAP_CODE, TOWEL, WANG
from timebank.market import queries


def located(answer):
    """Where a form leads when it was done."""
    assert 302 == answer.status_code, said(answer)
    return answer.headers["Location"]


class TestCounting:
    """Issue: blind, by scanner, resumable, finalised by a second person; no script is needed."""

    def begin(self, clerk):
        return located(clerk.post("/stock/counts"))

    def count(self, clerk, page, *counted):
        for code, pieces in counted:
            located(clerk.post(f"{page}/tallies", {"code": code, "pieces": pieces}))

    def test_a_scan_counts_one_and_a_heap_is_typed(self, site):
        clerk = site.visitor("zhao")
        page = self.begin(clerk)

        self.count(clerk, page, (SOAP_CODE, "1"), (SOAP_CODE, "17"), (SOAP_CODE, "-1"))

        page_said = said(clerk.get(page))
        assert "香皂：一共数到 17 件" in page_said
        assert "G0001 17 赵敏" in page_said

    def test_whoever_counts_sees_nothing_of_the_books(self, site):
        clerk, other = site.visitor("zhao"), site.visitor("qian")
        page = self.begin(clerk)
        self.count(clerk, page, (SOAP, "18"), (PASTE, "20"), (TOWEL, "2"))
        assert "账上" not in clerk.text(page) + other.text(page)
        located(clerk.post(f"{page}/submit"))

        assert "差异由另一位核对" in clerk.text(page)
        assert "核对差异" in other.text(page)

    def test_the_other_one_gives_the_reason_and_the_shelf_is_right(self, site):
        clerk, other = site.visitor("zhao"), site.visitor("qian")
        page = self.begin(clerk)
        self.count(clerk, page, (SOAP, "18"), (PASTE, "20"), (TOWEL, "2"))
        clerk.post(f"{page}/submit")
        assert 409 == other.post(f"{page}/finalise").status_code

        located(other.post(f"{page}/finalise", {f"reason-{SOAP}": "少了一块"}))

        assert "已入账" in said(other.get("/stock/counts"))
        with site.reading() as session:
            assert {SOAP: 18} == {
                one.good_number: one.counted_pieces for one in queries.variances(session, "xfl", "C0001")
            }

    def test_what_is_malformed_or_refused_is_said_and_nothing_is_lost(self, site):
        clerk = site.visitor("zhao")
        page = self.begin(clerk)

        assert 400 == clerk.post(f"{page}/tallies", {"code": SOAP, "pieces": "一些"}).status_code
        assert 409 == clerk.post(f"{page}/tallies", {"code": SOAP, "pieces": "-1"}).status_code
        assert "还没有数" in said(clerk.post(f"{page}/submit"))
        located(clerk.post(f"{page}/drop", {"reason": "明天再数"}))

    def test_an_auditor_reads_the_history_and_a_volunteer_does_not(self, site):
        page = self.begin(site.visitor("zhao"))
        assert 200 == site.visitor("zhou").get(page).status_code
        assert 403 == site.visitor(WANG).get(page).status_code
        assert 403 == site.visitor("zhou").post("/stock/counts").status_code


class TestWritingOff:
    """trust.md X17: two persons and a reason."""

    def test_one_proposes_and_another_confirms(self, site):
        clerk, other = site.visitor("zhao"), site.visitor("qian")
        located(clerk.post("/stock/write-offs", {"lot": "L000001", "pieces": "2", "cause": "damaged"}))
        assert 409 == clerk.post("/stock/write-offs/confirm", {"number": "W0001"}).status_code

        located(other.post("/stock/write-offs/confirm", {"number": "W0001"}))

        assert "已报损" in said(other.get("/stock/write-offs"))

    @pytest.mark.parametrize("wrong", [{"pieces": "99"}, {"pieces": "x"}, {"cause": "other"}, {"cause": "magic"}])
    def test_what_cannot_be_is_refused(self, site, wrong):
        answer = site.visitor("zhao").post(
            "/stock/write-offs", {"lot": "L000001", "pieces": "1", "cause": "damaged"} | wrong
        )
        assert answer.status_code in {400, 409}


class TestReserving:
    """Issue, point 4: from the phone, with a code that the till scans."""

    def test_from_the_phone_to_the_slip(self, site):
        volunteer, clerk = site.visitor(WANG), site.visitor("zhao")
        assert "香皂" in volunteer.text("/me/reservations")
        located(volunteer.post("/me/reservations", {f"pieces-{SOAP}": "2", f"shown-{SOAP}": "1500"}))
        (code,) = re.findall(r"95\d\d(?: \d{4}){4}", said(volunteer.get("/me/reservations")))

        scanned = clerk.get("/till/look", query_string={"text": code.replace(" ", "")}).get_json()
        assert {"kind": "reservation", "address": "/till/reservations/Y000001"} == scanned
        page = located(clerk.get("/till/reservations", query_string={"code": code.replace(" ", "")}))
        slip = located(clerk.post(page, {f"pieces-{SOAP}": "1"}))

        assert "香皂 ×1" in said(clerk.get(slip))
        assert "已取" in said(volunteer.get("/me/reservations"))

    def test_it_can_be_given_back_by_phone(self, site):
        volunteer = site.visitor(WANG)
        located(volunteer.post("/me/reservations", {f"pieces-{SOAP}": "1"}))
        located(volunteer.post("/me/reservations/Y000001/release"))
        assert "积分退回了" in said(volunteer.get("/me/reservations"))

    def test_nobody_gives_back_what_is_not_theirs(self, site):
        located(site.visitor(WANG).post("/me/reservations", {f"pieces-{SOAP}": "1"}))
        answer = site.visitor("V0003").post("/me/reservations/Y000001/release")
        assert 409 == answer.status_code

    @pytest.mark.parametrize("wrong", [{f"pieces-{SOAP}": "x"}, {f"pieces-{SOAP}": "99"}, {}])
    def test_what_cannot_be_is_said_and_nothing_is_put_aside(self, site, wrong):
        answer = site.visitor(WANG).post("/me/reservations", wrong)
        assert answer.status_code in {400, 409}

    def test_another_code_is_no_reservation(self, site):
        answer = site.visitor("zhao").get("/till/reservations?code=Y000009", follow_redirects=True)
        assert "没有这个预约" in said(answer)
