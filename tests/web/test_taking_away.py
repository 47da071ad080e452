"""What the auditor takes away from the page: the journal for other programs, and the evidence for any machine."""

import io
import subprocess
import sys
import zipfile

from timebank.audit.exports import journal_lines
from timebank.books.trail import TrailFilter, lines

XFL = "xfl"


def noted(site, verb):
    with site.reading() as session:
        return lines(session, XFL, wanted=TrailFilter(verb=verb))


class TestTheEvidence:
    """Everything in one zip, from one button; the verifier inside needs nothing of ours."""

    def test_holds_on_a_machine_without_our_program(self, site, tmp_path):
        answer = site.visitor("zhou").post("/audit/evidence")

        zipfile.ZipFile(io.BytesIO(answer.data)).extractall(tmp_path / "evidence")
        verifier = [sys.executable, "-I", tmp_path / "evidence" / "verify_timebank.py", tmp_path / "evidence"]
        done = subprocess.run(verifier, capture_output=True, check=False, text=True)

        assert ("application/zip", 0) == (answer.mimetype, done.returncode), done.stdout + done.stderr
        assert "全部成立" in done.stdout
        assert "attachment; filename=evidence-xfl.zip" == answer.headers["Content-Disposition"]

    def test_leaves_a_line_that_says_who_took_it(self, site):
        before = noted(site, "evidence.export")

        site.visitor("zhou").post("/audit/evidence")

        assert len(before) + 1 == len(noted(site, "evidence.export"))

    def test_is_not_for_a_clerk(self, site):
        assert 403 == site.visitor("zhao").post("/audit/evidence").status_code


class TestTheJournal:
    """Every line for hledger, beancount, csv and jsonl: the same as the command writes."""

    def test_is_the_same_as_from_the_command(self, site):
        for form in ("hledger", "beancount", "csv", "jsonl"):
            taken = site.visitor("zhou").post("/audit/export", {"form": form}).get_data(as_text=True)

            with site.reading() as session:
                assert "".join(journal_lines(session, XFL, form)) == taken, form

    def test_in_another_format_is_refused(self, site):
        assert 400 == site.visitor("zhou").post("/audit/export", {"form": "exe"}).status_code
