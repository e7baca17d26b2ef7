"""An index for the number register of one region in the list's order; the unique one goes on with the day."""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_number_register_region_code_id", "number_register", ["region_code", "id"])


def downgrade() -> None:
    op.drop_index("ix_number_register_region_code_id", table_name="number_register")
