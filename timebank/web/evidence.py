"""Pages that let anybody check the books: the proof page, and a receipt by its code or its file. No sign-in needed.

Nothing is shown that the paper does not show: no names, no numbers of persons.
"""

from dataclasses import dataclass
from datetime import datetime

import segno
from flask import Blueprint, Response, current_app, g, redirect, render_template, request, session, url_for
from flask.blueprints import BlueprintSetupState
from flask_login import current_user
from werkzeug.wrappers import Response as AnyResponse

from timebank import clock
from timebank.audit import queries as audit
from timebank.books.log import alarm
from timebank.certificates.queries import find_certificate_of_entry, standing
from timebank.database import db
from timebank.evidence import queries, receipts
from timebank.evidence.queries import SignedHead, Witness
from timebank.evidence.receipts import Checked, Receipt
from timebank.ledger.codes import Code, document_code, read_code, read_document
from timebank.ledger.days import day_of
from timebank.people import queries as people
from timebank.refusal import Refusal
from timebank.web import texts
from timebank.web.access import Audience, audience, community_id
from timebank.web.log_keeper import keys_of

blueprint = Blueprint("evidence", __name__)

RECEIPT_BYTES_MAX = 300_000


@blueprint.get("/proof")
@audience(Audience.PUBLIC)
def proof() -> str:
    """Show that the figures add up, what the head of the log is, who witnessed it, and how to check it oneself."""
    community, now = community_id(), clock.now()
    trial = audit.trial_balance(db.session(), community)
    return render_template(
        "evidence/proof.html",
        points_identity=audit.points_identity(trial),
        goods_identity=audit.goods_identity(trial),
        verification=audit.find_last_verification(db.session(), community),
        log=_log_of(community, now),
        community_id=community,
        log_key=str(keys_of(current_app.config["SETTINGS"]).verifier(community)),
    )


@dataclass(frozen=True, slots=True)
class LogState:
    """What stands behind the books right now."""

    head: SignedHead | None
    lines: tuple[str, ...]
    witnesses: tuple[Witness, ...]
    witnessed: SignedHead | None
    unwatched: bool


def _log_of(community: str, now: datetime) -> LogState:
    head = queries.find_newest_head(db.session(), community)
    witnessed = queries.find_last_witnessed(db.session(), community)
    return LogState(
        head=head,
        lines=tuple(head.note.text.splitlines()) if head else (),
        witnesses=queries.witnesses(db.session(), community),
        witnessed=witnessed,
        unwatched=queries.is_unwatched(witnessed.witnessed_at if witnessed else None, now),
    )


@blueprint.get("/v")
@audience(Audience.PUBLIC)
def check() -> str | AnyResponse:
    """Ask for a code or a receipt file; a code leads to its page."""
    typed = request.args.get("code", "").strip()
    if not typed:
        return render_template("evidence/check.html", refused="", typed="")
    try:
        return redirect(url_for("evidence.document", code=read_code(typed).digits))
    except Refusal as refusal:
        return render_template("evidence/check.html", refused=texts.sentence(refusal), typed=typed)


@blueprint.get("/v/<code>")
@audience(Audience.PUBLIC)
def document(code: str) -> str:
    """Check a printed code: whether the entry is there, unchanged, and which head and witnesses stand behind it."""
    found = _found(code)
    known = queries.witnesses(db.session(), found.entry.community_id)
    proven = receipts.check_own(found, keys_of(current_app.config["SETTINGS"]), known)
    return _checked_page(found.entry.community_id, found, proven)


@blueprint.get("/v/<code>/receipt.tlog-proof")
@audience(Audience.PUBLIC)
def receipt_file(code: str) -> Response:
    """Give the receipt as a file, to be kept and to be checked elsewhere."""
    found = _found(code)
    response = Response(found.to_bytes(), content_type="text/plain; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{found.code.digits}.tlog-proof"'
    return response


def _found(code: str) -> Receipt:
    known = [community.id for community in people.communities(db.session())]
    own = _own_community()
    known.sort(key=lambda one: one != own)
    return receipts.find_document(db.session(), known, read_document(read_code(code)))[1]


@blueprint.post("/v")
@audience(Audience.PUBLIC)
def check_file() -> str | tuple[str, int]:
    """Check a receipt file that somebody brings; nothing is kept of it."""
    try:
        read, entry = receipts.read_receipt(_sent_file())
        log = keys_of(current_app.config["SETTINGS"]).log_of(read.note, entry.community_id)
        known = queries.witnesses(db.session(), entry.community_id)
        proven = receipts.check_receipt(read, entry, log, known)
        found = receipts.receipt(db.session(), entry.community_id, entry.seq)
    except Refusal as refusal:
        return render_template("evidence/check.html", refused=texts.sentence(refusal), typed=""), 409
    return _checked_page(entry.community_id, found, proven)


def _sent_file() -> bytes:
    sent = request.files.get("receipt")
    if sent is None:
        return b""
    try:
        return sent.stream.read(RECEIPT_BYTES_MAX)
    finally:
        sent.close()


def _checked_page(community: str, found: Receipt, proven: Checked | None) -> str:
    there = find_certificate_of_entry(db.session(), community, found.entry.seq)
    issued = standing(db.session(), community, [there], day_of(clock.now()))[0] if there else None
    return render_template(
        "certificates/checked.html" if issued else "evidence/document.html",
        certificate=issued,
        of_community=people.community(db.session(), community),
        receipt=found,
        entry=found.entry,
        proven=proven,
    )


def _own_community() -> str | None:
    if current_user.is_authenticated:
        return str(current_user.community_id)
    return session.get("community")


def standing_alarm() -> dict[str, str]:
    """Tell every page whether the books are stopped, and why."""
    known = g.get("community")
    if known is None:
        return {"alarm": ""}
    found = g.findings if "findings" in g else alarm.findings(db.session(), known.id)
    damage = alarm.damage_among(found)
    if damage is None or damage.code is None:
        return {"alarm": ""}
    return {"alarm": texts.told(damage.code, damage.facts)}


@dataclass(frozen=True, slots=True)
class Drawn:
    """A picture that we have drawn ourselves; a page takes it as it is."""

    svg: str

    def __html__(self) -> str:
        """Return the picture for the page."""
        return self.svg


def qr(text: str) -> Drawn:
    """Draw a QR code as a picture inside the page, of the size that the page gives it."""
    code = segno.make(text, error="m", micro=False)
    return Drawn(code.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True))


def paper_code(seq: int, leaf_hash: bytes) -> Code:
    """Return the code for the paper of an entry."""
    return document_code(seq, leaf_hash)


@blueprint.record
def _register(state: BlueprintSetupState) -> None:
    state.app.context_processor(standing_alarm)
    for function in (qr, paper_code):
        state.app.add_template_filter(function)
