"""open data that a steward has configured

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "opendatasource",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("indicator", sa.String(), nullable=True),
        sa.Column("choices", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("title", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("publisher", sa.String(), nullable=False),
        sa.Column("licence", sa.String(), nullable=False),
        sa.Column("configured_at", sa.DateTime(), nullable=False),
        sa.Column("configured_by", sa.String(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('sotkanet', 'pxweb', 'projects', 'kohesio')",
            name=op.f("ck_opendatasource_kind_is_known"),
        ),
        sa.CheckConstraint(
            "address IS NULL OR address LIKE 'http%'", name=op.f("ck_opendatasource_address_is_of_the_web")
        ),
        sa.CheckConstraint(
            "(kind IN ('sotkanet', 'pxweb')) = (indicator IS NOT NULL)",
            name=op.f("ck_opendatasource_a_series_is_an_indicator"),
        ),
        sa.ForeignKeyConstraint(["indicator"], ["indicator.code"], name=op.f("fk_opendatasource_indicator")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_opendatasource")),
    )


def downgrade() -> None:
    op.drop_table("opendatasource")
