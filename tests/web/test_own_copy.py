"""Everything about me: a volunteer takes a copy of what is known of them, and anybody can tell that it is true."""

import hashlib
import io
import json
import zipfile
from dataclasses import replace

import pytest

from tests.web import town
from timebank.evidence.keys import verify_with
from timebank.ledger.note import SignatureMismatch, parse_note, verify_signature
from timebank.web.log_keeper import keys_of
from timebank.web.own_data import FURTHER

pytestmark = pytest.mark.parametrize("database_kind", ["sqlite"])


@pytest.fixture
def copy(site):
    """The files of 王秀英's copy, by name; a coordinator has looked at her page before."""
    site.visitor("li").text(f"/people/{town.WANG}")
    answer = site.visitor(town.WANG).get("/me/copy.zip")
    assert 200 == answer.status_code
    with zipfile.ZipFile(io.BytesIO(answer.data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


class TestTheCopy:
    """PIPL 45: query, copy and transfer; readable first."""

    def test_a_page_comes_first_and_says_what_there_is(self, copy):
        assert "index.html" == next(iter(copy))
        page = copy["index.html"].decode()
        assert all(words in page for words in ("王秀英", "19900001001", "清扫楼道", "S002"))

    def test_programs_find_the_same(self, copy):
        known = json.loads(copy["everything.json"])

        assert (town.WANG, "王秀英") == (known["person"]["number"], known["person"]["name"])
        assert len(known["lines"]) == copy["lines.csv"].decode().count("\r\n") - 1
        assert {"清扫楼道", "四点半课堂"} == {record["activity"] for record in known["records"]}

    def test_no_single_rating_is_in_it(self, copy):
        """A rating must not be feared: only the average of every full three."""
        known = json.loads(copy["everything.json"])

        assert {"ratings": 0, "average_e2": 0} == known["rated"]
        assert not any("rating" in record for record in known["records"])

    def test_certificates_trainings_sign_ups_stars_and_consents_are_in_it(self, site):
        wang, li = site.visitor(town.WANG), site.visitor("li")
        wang.post("/me/data/consent", {"what": "notice", "version": "1"})
        wang.post("/me/data/correction", {"words": "我住 5 号楼"})
        wang.post(f"/activities/{town.TO_COME}/sign-up")
        fields = {"course": "急救", "content": "心肺复苏", "organiser": "红十字会", "trained_on": "2026-01-05"}
        assert 302 == li.post("/coord/trainings", fields | {"length": "2:00", "names": town.WANG}).status_code

        with zipfile.ZipFile(io.BytesIO(wang.get("/me/copy.zip").data)) as archive:
            known = json.loads(archive.read("everything.json"))
            assert {f"{name}.csv" for name in FURTHER} <= set(archive.namelist())

        assert [("notice", 1)] == [(one["what"], one["version"]) for one in known["consents"]]
        assert ["我住 5 号楼"] == [one["asked"] for one in known["requests"]]
        assert ["急救"] == [one["course"] for one in known["trainings"]]
        assert [town.TO_COME] == [one["activity_number"] for one in known["sign-ups"]]
        assert [1] == [one["level"] for one in known["stars"]]

    def test_nobody_elses_data_is_in_it(self, copy):
        assert "张桂芳" not in "".join(content.decode() for content in copy.values())

    def test_the_document_is_masked(self, copy):
        assert "***" in json.loads(copy["everything.json"])["person"]["document"]

    def test_the_sums_are_true_and_signed(self, site, copy):
        keys, note = keys_of(site.app.config["SETTINGS"]), parse_note(copy["SHA256SUMS"])
        log = keys.verifier(town.XFL)
        key = replace(log, name=f"{log.name}/copy")

        verify_signature(note, key, verify_with(key))
        for name, content in copy.items():
            if name != "SHA256SUMS":
                assert f"{hashlib.sha256(content).hexdigest()}  {name}\n" in note.text
        with pytest.raises(SignatureMismatch):
            verify_signature(replace(note, text=note.text.replace("0", "1")), key, verify_with(key))

    def test_it_is_for_volunteers(self, site):
        assert 403 == site.visitor("zhao").get("/me/copy.zip").status_code
        assert "/me/copy.zip" in site.visitor(town.WANG).text("/seen")
        assert "/me/copy.zip" not in site.visitor("zhao").text("/seen")
