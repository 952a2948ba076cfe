"""sign-ins, one-time codes, failed sign-ins by address

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

TEXT = sqlmodel.sql.sqltypes.AutoString


def upgrade() -> None:
    op.create_table(
        "signin",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account", TEXT(), nullable=False),
        sa.Column("token_hash", TEXT(), nullable=True),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("idle_minutes", sa.Float(), nullable=False),
        sa.Column("browser", TEXT(), nullable=False),
        sa.Column("ended_at", sa.DateTime(), nullable=True),
        sa.Column("ended_why", TEXT(), nullable=True),
        sa.CheckConstraint(
            "ended_why IN ('signed_out', 'revoked', 'disabled', 'password', 'role')",
            name=op.f("ck_signin_ended_why_is_known"),
        ),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name=op.f("fk_signin_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signin")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_signin_token_hash")),
    )
    op.create_index(op.f("ix_signin_account"), "signin", ["account"], unique=False)
    op.create_table(
        "onetimecode",
        sa.Column("code_hash", TEXT(), nullable=False),
        sa.Column("purpose", TEXT(), nullable=False),
        sa.Column("account", TEXT(), nullable=False),
        sa.Column("sign_in", sa.Integer(), nullable=True),
        sa.Column("expires_at", sa.DateTime(), nullable=False),
        sa.Column("used_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("purpose IN ('cookie', 'password')", name=op.f("ck_onetimecode_purpose_is_known")),
        sa.ForeignKeyConstraint(["account"], ["account.name"], name=op.f("fk_onetimecode_account")),
        sa.ForeignKeyConstraint(["sign_in"], ["signin.id"], name=op.f("fk_onetimecode_sign_in")),
        sa.PrimaryKeyConstraint("code_hash", name=op.f("pk_onetimecode")),
    )
    op.create_index(op.f("ix_onetimecode_account"), "onetimecode", ["account"], unique=False)
    op.create_table(
        "addressfailures",
        sa.Column("address_hash", TEXT(), nullable=False),
        sa.Column("began_at", sa.DateTime(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_addressfailures")),
    )


def downgrade() -> None:
    op.drop_table("addressfailures")
    op.drop_index(op.f("ix_onetimecode_account"), table_name="onetimecode")
    op.drop_table("onetimecode")
    op.drop_index(op.f("ix_signin_account"), table_name="signin")
    op.drop_table("signin")
