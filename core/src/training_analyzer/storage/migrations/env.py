"""Where alembic begins: it runs on the connection that `migrating.migrate` hands over."""

from alembic import context

from training_analyzer.storage.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    transaction_per_migration=False,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
