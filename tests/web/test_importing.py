"""Importing on the pages: try, import, mend, confirm as the second person, take back."""

import csv
import io
import re

from tests.web import town
from tests.web.sites import said

HEADER = ("志愿者编号", "姓名", "累计分钟", "结余积分", "纸质存折号")


def _file(*rows, name="纸质存折.csv"):
    written = io.StringIO()
    csv.writer(written).writerows([HEADER, *rows])
    return io.BytesIO(written.getvalue().encode()), name


def _sent(visitor, step, *rows, **fields):
    given = {"kind": "opening", "step": step} | fields
    return visitor.post("/imports", given | ({"file": _file(*rows)} if rows else {}))


def _carried(answer):
    """What the page carries to the next step."""
    page = answer.get_data(as_text=True)
    return {name: re.findall(f'name="{name}" value="([^"]+)"', page)[0] for name in ("kind", "name", "carried")}


GOOD = (town.NAMESAKE, "王秀英", 120, 20, "存折0002")
BAD = ("V9999", "没有这个人", 120, 20, "存折9999")


class TestTrying:
    """experience.md 5.5: nothing is written before the import, and the effects are shown before it."""

    def test_shows_what_a_file_brings_and_writes_nothing(self, site):
        before = site.state()

        answer = _sent(site.visitor("li"), "check", GOOD)

        assert 200 == answer.status_code
        assert "可以导入。现在什么都还没有写入。" in said(answer)
        assert "全社区可用积分" in said(answer)
        assert "→" in said(answer)
        assert before == site.state()

    def test_names_every_wrong_row_and_how_to_mend_it(self, site):
        answer = _sent(site.visitor("li"), "check", GOOD, BAD)

        assert 409 == answer.status_code
        assert "怎么改" in said(answer)
        assert "3" in said(answer)

    def test_hands_out_the_file_to_mend(self, site):
        li = site.visitor("li")
        carried = _carried(_sent(li, "check", GOOD, BAD))

        answer = li.post("/imports", carried | {"step": "mend"})

        assert "text/csv" == answer.mimetype
        rows = list(csv.reader(io.StringIO(answer.get_data().decode("utf-8-sig"))))
        assert set(HEADER) < set(rows[0])
        assert {"行号", "问题", "怎么改"} <= set(rows[0])
        assert "V9999" in rows[2]

    def test_asks_for_a_file(self, site):
        answer = _sent(site.visitor("li"), "check")

        assert 400 == answer.status_code
        assert "请选一个文件" in said(answer)

    def test_says_what_cannot_be_read(self, site):
        answer = site.visitor("li").post(
            "/imports", {"kind": "opening", "step": "check", "file": (io.BytesIO(b"\0\1\2"), "x.csv")}
        )

        assert 409 == answer.status_code


class TestImporting:
    """trust.md X8: a file counts once a second person has confirmed it, and can be taken back as a whole."""

    def test_goes_from_the_trial_to_the_passbook_and_back(self, site):
        li, chen = site.visitor("li"), site.visitor("chen")
        carried = _carried(_sent(li, "check", GOOD))

        answer = li.post("/imports", carried | {"step": "import"})

        where = answer.headers["Location"]
        assert "请另一位社工确认" in li.text(where)
        assert 409 == li.post(f"{where}/confirm").status_code
        assert 302 == chen.post(f"{where}/confirm").status_code
        assert "已生效" in chen.text(where)
        assert "20" in site.visitor(town.NAMESAKE).text("/me")
        chen.post(f"{where}/undo", {"reason": "导错了"})
        assert "已撤销" in chen.text(where)

    def test_of_the_same_file_twice_is_refused(self, site):
        li = site.visitor("li")
        assert 302 == _sent(li, "import", GOOD).status_code

        answer = _sent(li, "check", GOOD)

        assert 409 == answer.status_code

    def test_of_a_file_with_a_wrong_row_brings_nothing(self, site):
        li, before = site.visitor("li"), site.state()

        assert 409 == _sent(li, "import", GOOD, BAD).status_code
        assert before["import_batch"] == site.state()["import_batch"]

    def test_is_not_for_who_may_not(self, site):
        assert 403 == _sent(site.visitor("zhao"), "import", GOOD).status_code


class TestWhichColumnIsWhat:
    """domain.md section 1.6: a strange heading is set right once; the next file of the source is read so."""

    def test_set_right_remembered_shown_and_forgotten(self, site):
        chen = site.visitor("chen")
        refused = _strange(chen)
        assert 409 == refused.status_code
        assert "每一列是什么" in said(refused)

        chosen = {"column-0": "volunteer_name", "column-1": "phone", "column-2": "-"}
        answer = chen.post("/imports", _carried(refused) | {"step": "check"} | chosen)

        assert 200 == answer.status_code
        assert "记住的" in said(answer)
        assert 200 == _strange(chen, name="下个月.csv").status_code
        page = chen.text("/imports")
        assert "本人电话 → 手机号" in page
        source = re.findall('name="source" value="([0-9a-f]{16})"', page)[0]
        chen.post("/imports/columns/forget", {"kind": "volunteers", "source": source})
        assert "记住的列" not in chen.text("/imports")
        assert 409 == _strange(chen).status_code

    def test_one_field_in_two_columns_is_refused_and_nothing_is_kept(self, site):
        chen = site.visitor("chen")
        chosen = {"column-0": "volunteer_name", "column-1": "phone", "column-2": "phone"}

        answer = chen.post("/imports", _carried(_strange(chen)) | {"step": "check"} | chosen)

        assert 409 == answer.status_code
        assert "列的对照不对" in said(answer)
        assert "记住的列" not in chen.text("/imports")


def _strange(visitor, name="名单.csv"):
    """Send a register whose phones nobody knows by their heading."""
    written = io.StringIO()
    csv.writer(written).writerows([("姓名", "本人电话", "备用", "性别"), ("石静", "19900007011", "", "女")])
    file = (io.BytesIO(written.getvalue().encode()), name)
    return visitor.post("/imports", {"kind": "volunteers", "step": "check", "file": file})


class TestSheetsWithClocks:
    """The commonest sheet: the day in one column, clocks in two others."""

    def _tried(self, visitor, starts):
        headings = "活动编号,志愿者编号,日期,开始,结束,服务类型,负责人"
        rows = f"{headings}\nHD1,{town.NAMESAKE},2026-08-01,{starts},10:00,环境清洁,冯国强\n"
        return visitor.post(
            "/imports", {"kind": "hours", "step": "check", "file": (io.BytesIO(rows.encode()), "签到.csv")}
        )

    def test_an_hour_that_is_not_clear_is_told_with_its_line(self, site):
        before = site.state()

        answer = self._tried(site.visitor("li"), "上午12:00")

        assert 409 == answer.status_code
        assert "“开始时间”写的是“上午12:00”，分不清是一天里的几点。" in said(answer)
        assert "“开始时间”写的是" not in said(self._tried(site.visitor("li"), "9点"))
        assert before["import_batch"] == site.state()["import_batch"]
