"""Which bureau imported an organization: its staff, and those above, see it before it has a record of its own."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

COMMENT = "Code of the bureau that imported it, empty for the root one and for who registered; import"
IMPORTED_BEFORE = """
    UPDATE organization SET import_bureau_code = (
        SELECT MIN(bureau.code)
        FROM audit_event
        JOIN ab_user ON ab_user.id = audit_event.actor_id
        JOIN bureau ON bureau.id = ab_user.bureau_id
        WHERE audit_event.action = 'organization:import' AND audit_event.result = 'done'
            AND audit_event.object_type = 'organization' AND audit_event.object_id = organization.id
            AND bureau.parent_id IS NOT NULL
    )
"""


def upgrade() -> None:
    op.add_column("organization", sa.Column("import_bureau_code", sa.String(6), nullable=True, comment=COMMENT))
    op.execute(IMPORTED_BEFORE)


def downgrade() -> None:
    op.drop_column("organization", "import_bureau_code")
