"""Conversations, refs of what was kept, votes, outbox."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "conversations",
        sa.Column("key", sa.LargeBinary(32), primary_key=True),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("sealed_address", sa.LargeBinary, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("last_active", sa.Integer, nullable=False, index=True),
    )
    op.create_table(
        "kept_refs",
        sa.Column("ref", sa.LargeBinary(32), primary_key=True),
        sa.Column("at", sa.Integer, nullable=False, index=True),
    )
    op.create_table(
        "votes",
        sa.Column("topic", sa.String(64), primary_key=True),
        sa.Column("version", sa.String(16), primary_key=True),
        sa.Column("day", sa.Date, primary_key=True),
        sa.Column("helped", sa.Integer, nullable=False),
        sa.Column("not_helped", sa.Integer, nullable=False),
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.String(36), primary_key=True),
        sa.Column(
            "key",
            sa.LargeBinary(32),
            sa.ForeignKey("conversations.key", ondelete="CASCADE"),
            nullable=False,
            index=True,
        ),
        sa.Column("channel", sa.String(20), nullable=False),
        sa.Column("sealed_reply", sa.LargeBinary, nullable=False),
        sa.Column("seq", sa.Integer, nullable=False),
        sa.Column("due_at", sa.Integer, nullable=False, index=True),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("leased_until", sa.Integer, nullable=False),
    )


def downgrade() -> None:
    for table in ("outbox", "votes", "kept_refs", "conversations"):
        op.drop_table(table)
