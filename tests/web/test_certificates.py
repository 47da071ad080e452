"""Pages of certificates: asked for by the volunteer, issued at the desk, checked by anybody, revoked for ever."""

import io
import re

import pypdf
import pytest

from tests.web.sites import said
from tests.web.town import NAMESAKE, WANG
from timebank.certificates import queries
from timebank.web import certificate_pdf

DESK = "/coord/certificates"
OFFICE = {"unit": "幸福里社区居民委员会", "responsible": "陈主任", "contact": ""}


@pytest.fixture
def office(site):
    """The admin has said who issues."""
    answer = site.visitor("admin").post(f"{DESK}/office", OFFICE)
    assert "陈主任" in said(site.visitor("admin").get(answer.location))
    return site


def issued(site, **changes):
    """Let li issue a certificate for 王秀英, and return its page's address."""
    answer = site.visitor("li").post(DESK, {"volunteer": WANG} | changes)
    assert 302 == answer.status_code, said(answer)
    return answer.location


def code_in(address):
    """The twenty digits in an address."""
    return re.findall(r"\d{20}", address)[0]


def id_in(site, address):
    """The id of the certificate behind a page."""
    with site.reading() as session:
        return queries.certificate_by_code(session, "xfl", code_in(address)).certificate_id


class TestFromAskingToChecking:
    """Order 67 articles 14 to 17; U3: anybody checks it by its number and sees no name."""

    def test_a_volunteer_asks_and_the_desk_issues(self, office):
        wang, li = office.visitor(WANG), office.visitor("li")
        wang.post("/me/certificates", {"purpose": "入学"})
        assert "正在办理" in said(wang.get("/me/certificates"))
        page = li.text(DESK)
        assert "入学" in page

        answer = li.post(f"{DESK}/requests", {"asked": re.findall('name="asked" value="([^"]+)"', page)[0]})

        printed = said(wang.get(answer.location))
        for words in ("志愿服务记录证明", "幸福里社区居民委员会出具", "王秀英", "陈主任", "李建国", "ZM"):
            assert words in printed
        assert "您的新证书开好了" in said(wang.get("/me"))

    def test_anybody_checks_it_and_sees_no_name(self, office):
        code = code_in(issued(office))

        checked = said(office.visitor().get(f"/v/{code}"))

        assert "证书有效" in checked
        assert "有的时长后来更正了，都不改变它" in checked
        assert "未与全国志愿服务信息系统对接" in checked
        assert "王秀英" not in checked
        assert WANG not in checked

    def test_a_declined_request_says_why(self, office):
        office.visitor(WANG).post("/me/certificates")
        asked = re.findall('name="asked" value="([^"]+)"', office.visitor("chen").text(DESK))[0]

        office.visitor("chen").post(f"{DESK}/requests", {"asked": asked, "reason": "请带证件来"})

        assert "请带证件来" in said(office.visitor(WANG).get("/me/certificates"))

    def test_nothing_is_issued_before_somebody_says_who_issues(self, site):
        answer = site.visitor("li").post(DESK, {"volunteer": WANG})

        assert 409 == answer.status_code
        assert "请管理员先在“设置”里写明" in said(answer)

    def test_of_another_volunteer_nothing_is_told(self, office):
        address = issued(office)

        assert 404 == office.visitor(NAMESAKE).get(address).status_code
        assert 404 == office.visitor(NAMESAKE).get(f"{address}/file.pdf").status_code
        assert 200 == office.visitor("chen").get(address).status_code


class TestEnding:
    """A second person revokes; a new one replaces; the code tells it."""

    def test_is_revoked_by_another(self, office):
        address = issued(office)
        ending = {"certificate": id_in(office, address), "how": "revoke", "reason": "记错了"}
        own = office.visitor("li").post(f"{DESK}/end", ending)
        assert 409 == own.status_code
        assert "要由另一位工作人员作废" in said(own)

        office.visitor("chen").post(f"{DESK}/end", ending)

        checked = said(office.visitor().get(f"/v/{code_in(address)}"))
        assert "证书已作废" in checked
        assert "记错了" not in checked

    def test_is_replaced_and_leads_to_the_new_one(self, office):
        address = issued(office)
        ending = {"certificate": id_in(office, address), "how": "replace", "reason": "名字写错"}

        newer = office.visitor("li").post(f"{DESK}/end", ending).location

        checked = office.visitor().get(f"/v/{code_in(address)}")
        assert "证书已换新" in said(checked)
        assert code_in(newer) in checked.get_data(as_text=True)
        assert "证书有效" in said(office.visitor().get(f"/v/{code_in(newer)}"))


class TestTheFile:
    """PDF/A with its text; where it cannot be made, the page says so and can still be printed."""

    def test_is_an_archive_file_with_the_words_in_it(self, office):
        address = issued(office)

        answer = office.visitor(WANG).get(f"{address}/file.pdf")

        made = answer.get_data()
        assert made.startswith(b"%PDF-1.7")
        assert re.search(rb"<pdfaid:part>2</pdfaid:part>", made)
        assert re.search(rb"<pdfaid:conformance>A</pdfaid:conformance>", made)
        text = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(made)).pages)
        for words in ("志愿服务记录证明", "幸福里社区居民委员会", "王秀英", "未与全国志愿服务信息系统对接"):
            assert words in text.replace(" ", "").replace("\n", "")
        assert made == office.visitor("chen").get(f"{address}/file.pdf").get_data()

    @pytest.mark.parametrize("missing", ["LIBRARY", "FONTS"])
    def test_without_the_library_the_page_says_so(self, office, monkeypatch, missing):
        address = issued(office)
        monkeypatch.setattr(certificate_pdf, missing, "no_such_module")
        certificate_pdf._font_folder.cache_clear()

        answer = office.visitor(WANG).get(f"{address}/file.pdf")

        certificate_pdf._font_folder.cache_clear()
        assert 503 == answer.status_code
        assert "做不出 PDF。请用这一页的打印" in said(answer)
        assert "王秀英" in said(answer)


class TestTheList:
    """Every certificate, as a table that no spreadsheet runs."""

    def test_is_exported_both_ways(self, office):
        issued(office)

        table = office.visitor("li").get(f"{DESK}/list.csv").get_data().decode("utf-8-sig")
        workbook = office.visitor("li").get(f"{DESK}/list.xlsx").get_data()

        assert "证书编号,种类,志愿者编号" in table
        assert f"{WANG},王秀英" in table
        assert "有效" in table
        assert workbook.startswith(b"PK")
