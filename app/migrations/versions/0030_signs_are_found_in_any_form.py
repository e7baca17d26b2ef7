"""Texts are searched with every sign in one form and without blanks: all search texts and grams are made anew."""

from alembic import op

from models.search import rebuild

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rebuild(op.get_bind())


def downgrade() -> None:
    """What is searched is derived from the rows; the former version makes it anew with `rebuild`."""
