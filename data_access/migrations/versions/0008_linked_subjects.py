"""accounts that also open by the second door

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "linkedsubject",
        sa.Column("issuer", TEXT(), nullable=False),
        sa.Column("subject", TEXT(), nullable=False),
        sa.Column("account", TEXT(), nullable=False),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name=op.f("fk_linkedsubject_account")),
        sa.PrimaryKeyConstraint("issuer", "subject", name=op.f("pk_linkedsubject")),
        sa.UniqueConstraint("account", name=op.f("uq_linkedsubject_account")),
    )


def downgrade() -> None:
    op.drop_table("linkedsubject")
