"""evidence: nodes of the tree, the running check, signed heads, witnesses and what they signed.

The nodes over entries that are there already are computed here, so that every proof can be given after the step.
"""

import hashlib
from collections.abc import Iterator

import sqlalchemy as sa
from alembic import op

revision = "0009_evidence"
down_revision = "0008_audit"
branch_labels = None
depends_on = None

APPEND_ONLY = ("tree_node", "checkpoint", "witness", "cosignature")
CREATED = ("running_check", "tree_node", "checkpoint", "witness", "cosignature")
TILE = 256
STREAM = 1000


def upgrade() -> None:
    """Make the tables, let those that only grow refuse everything else, and fill in the nodes."""
    _create_tables()
    _fill_in_nodes()
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    for table in APPEND_ONLY:
        if on_sqlite:
            _sqlite_triggers(table)
        else:
            _postgresql_triggers(table)
            op.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM timebank_app")


def downgrade() -> None:
    """Remove them."""
    for table in reversed(CREATED):
        op.drop_table(table)


def _sqlite_triggers(table: str) -> None:
    for verb in ("update", "delete"):
        op.execute(
            f"CREATE TRIGGER {table}_no_{verb} BEFORE {verb.upper()} ON {table} "
            f"BEGIN SELECT RAISE(ABORT, 'append-only: {table}'); END"
        )


def _postgresql_triggers(table: str) -> None:
    op.execute(
        f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} "
        "FOR EACH ROW EXECUTE FUNCTION timebank_refuse_change()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION timebank_refuse_change()"
    )


def _fill_in_nodes() -> None:
    connection = op.get_bind()
    for community_id in connection.scalars(sa.text("SELECT community_id FROM log_head")).all():
        hashes = list(_leaf_hashes(connection, community_id))
        level = 1
        while len(hashes) >= TILE:
            hashes = [_over(hashes[start : start + TILE]) for start in range(0, len(hashes) - TILE + 1, TILE)]
            values = [
                {"community_id": community_id, "level": level, "position": position, "hash": value}
                for position, value in enumerate(hashes)
            ]
            connection.execute(NODES.insert(), values)
            level += 1


def _leaf_hashes(connection: sa.Connection, community_id: str) -> Iterator[bytes]:
    last = 0
    query = sa.text(
        "SELECT seq, leaf_hash FROM entry WHERE community_id = :community AND seq > :last ORDER BY seq LIMIT :count"
    )
    while rows := connection.execute(query, {"community": community_id, "last": last, "count": STREAM}).all():
        yield from (bytes(row.leaf_hash) for row in rows)
        last = rows[-1].seq


def _over(hashes: list[bytes]) -> bytes:
    """Hash a full run of leaves or nodes into the one node above them (RFC 9162 section 2.1)."""
    while len(hashes) > 1:
        hashes = [
            hashlib.sha256(b"\x01" + left + right).digest() for left, right in zip(hashes[::2], hashes[1::2], strict=True)
        ]
    return hashes[0]


NODES = sa.table("tree_node", sa.column("community_id"), sa.column("level"), sa.column("position"), sa.column("hash"))


def _create_tables() -> None:
    op.create_table(
        "running_check",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("kind", sa.String(8), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(60), nullable=True),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "kind", name=op.f("pk_running_check")),
        sa.CheckConstraint("kind IN ('log', 'books')", name=op.f("ck_running_check_kind_known")),
        sa.CheckConstraint("size BETWEEN 0 AND 1000000000000", name=op.f("ck_running_check_size_range")),
        sa.CheckConstraint("typeof(size) IN ('integer', 'null')", name=op.f("ck_running_check_size_whole")).ddl_if(dialect="sqlite"),
    )
    op.create_table(
        "tree_node",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("position", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("hash", sa.LargeBinary(32), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "level", "position", name=op.f("pk_tree_node")),
        sa.CheckConstraint("level BETWEEN 1 AND 7", name=op.f("ck_tree_node_level_range")),
        sa.CheckConstraint("typeof(level) IN ('integer', 'null')", name=op.f("ck_tree_node_level_whole")).ddl_if(dialect="sqlite"),
        sa.CheckConstraint("position BETWEEN 0 AND 1000000000000", name=op.f("ck_tree_node_position_range")),
        sa.CheckConstraint("typeof(position) IN ('integer', 'null')", name=op.f("ck_tree_node_position_whole")).ddl_if(dialect="sqlite"),
    )
    op.create_table(
        "checkpoint",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("root", sa.LargeBinary(32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "size", name=op.f("pk_checkpoint")),
        sa.CheckConstraint("size BETWEEN 1 AND 1000000000000", name=op.f("ck_checkpoint_size_range")),
        sa.CheckConstraint("typeof(size) IN ('integer', 'null')", name=op.f("ck_checkpoint_size_whole")).ddl_if(dialect="sqlite"),
    )
    op.create_table(
        "witness",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("key", sa.String(200), nullable=False),
        sa.Column("holder", sa.String(60), nullable=False),
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "name", name=op.f("pk_witness")),
        sa.ForeignKeyConstraint(["community_id", "seq"], ["entry.community_id", "entry.seq"], name=op.f("fk_witness_entry")),
        sa.UniqueConstraint("community_id", "seq", name=op.f("uq_witness_community_id_seq")),
    )
    op.create_table(
        "cosignature",
        sa.Column("community_id", sa.String(16), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(100), nullable=False),
        sa.Column("line", sa.String(400), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("community_id", "size", "name", name=op.f("pk_cosignature")),
        sa.ForeignKeyConstraint(["community_id", "size"], ["checkpoint.community_id", "checkpoint.size"], name=op.f("fk_cosignature_checkpoint")),
        sa.ForeignKeyConstraint(["community_id", "name"], ["witness.community_id", "witness.name"], name=op.f("fk_cosignature_witness")),
    )
