"""The log as files for everybody: checkpoint, tiles, bundles of entries (C2SP tlog-tiles), and the way for witnesses.

Nothing here needs a session or a name. Tiles and bundles never change, so they may be kept for ever; the checkpoint
changes with every signature.
"""

from typing import Final

from flask import Blueprint, Response, current_app, request
from flask.blueprints import BlueprintSetupState

from timebank import clock
from timebank.books import statements
from timebank.books.log import tree
from timebank.database import db, writing
from timebank.evidence import operations, queries
from timebank.ledger.tiles import NoSuchTile, Tile, bundle, read_tile
from timebank.people import queries as people
from timebank.web.access import Audience, audience
from timebank.web.log_keeper import keys_of

FOR_EVER: Final = "public, max-age=31536000, immutable"
A_MOMENT: Final = "public, max-age=5"
BYTES: Final = "application/octet-stream"
TEXT: Final = "text/plain; charset=utf-8"
COSIGNED_BYTES_MAX: Final = 128 * 1024

blueprint = Blueprint("log_files", __name__, url_prefix="/log/<community_id>")


@blueprint.record
def _without_token(state: BlueprintSetupState) -> None:
    """A witness's laptop has no page and so no token; a cosignature proves itself."""
    protection = state.app.extensions.get("csrf")
    if protection is not None:
        protection.exempt(take_cosignature)


@blueprint.get("/checkpoint")
@audience(Audience.PUBLIC)
def checkpoint(community_id: str) -> Response:
    """Give the newest signed head, with the signatures of its witnesses."""
    people.community(db.session(), community_id)
    head = queries.find_newest_head(db.session(), community_id)
    if head is None:
        raise queries.NoSuchHead(size=0)
    return _file(head.file.encode(), TEXT, A_MOMENT)


@blueprint.get("/key")
@audience(Audience.PUBLIC)
def key(community_id: str) -> Response:
    """Give the public key of the log, as it stands on the notice."""
    people.community(db.session(), community_id)
    keys = keys_of(current_app.config["SETTINGS"])
    return _file(f"{keys.verifier(community_id)}\n".encode(), TEXT, A_MOMENT)


@blueprint.get("/tile/<int:level>/<path:name>")
@audience(Audience.PUBLIC)
def tile(community_id: str, level: int, name: str) -> Response:
    """Give a tile: neighbouring hashes of one level."""
    wanted = _signed_tile(community_id, read_tile(level, name))
    return _file(b"".join(tree.tile_hashes(db.session(), community_id, wanted)), BYTES, FOR_EVER)


@blueprint.get("/tile/entries/<path:name>")
@audience(Audience.PUBLIC)
def entries(community_id: str, name: str) -> Response:
    """Give a bundle of entries: exactly the bytes that are hashed; numbers only, never names."""
    wanted = _signed_tile(community_id, read_tile(0, name))
    found = statements.leaves_between(db.session(), community_id, after=wanted.first, count=wanted.width)
    return _file(bundle(found), BYTES, FOR_EVER)


def _signed_tile(community_id: str, wanted: Tile) -> Tile:
    """Let nothing out that no signed head covers."""
    newest = queries.find_newest_head(db.session(), community_id)
    if newest is None or wanted.first + wanted.width > newest.size >> 8 * wanted.level:
        raise NoSuchTile()
    return wanted


@blueprint.get("/for-witness/<int:older_size>")
@audience(Audience.PUBLIC)
def for_witness(community_id: str, older_size: int) -> Response:
    """Give what a witness needs who saw the first `older_size` entries: the newest head and the proof."""
    people.community(db.session(), community_id)
    made = queries.witness_request(db.session(), community_id, older_size)
    return _file(made.to_bytes(), TEXT, A_MOMENT)


@blueprint.post("/cosignature")
@audience(Audience.PUBLIC)
def take_cosignature(community_id: str) -> Response:
    """Take in a checkpoint that a registered witness has cosigned."""
    people.community(db.session(), community_id)
    raw = request.stream.read(COSIGNED_BYTES_MAX + 1)
    keys, at = keys_of(current_app.config["SETTINGS"]), clock.now()
    with writing() as session:
        names = operations.take_cosignatures(session, community_id, raw=raw, keys=keys, at=at)
    return _file("".join(f"{name}\n" for name in names).encode(), TEXT, "no-store")


def _file(content: bytes, kind: str, caching: str) -> Response:
    response = Response(content, content_type=kind)
    response.headers["Cache-Control"] = caching
    return response
