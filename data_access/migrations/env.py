"""Runs the migrations on the connection it is given, inside that connection's transaction."""

from alembic import context

from data_access.models import StoreTable
from data_access.store import writing_connection


def migrate(connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=StoreTable.metadata,
        render_as_batch=connection.dialect.name == "sqlite",
        compare_type=True,
    )
    with context.begin_transaction():
        context.run_migrations()


given = context.config.attributes.get("connection")
if given is not None:
    migrate(given)
else:
    with writing_connection() as own:
        migrate(own)
