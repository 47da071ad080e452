"""The Alembic environment: every step in one transaction, on both databases, under one lock.

`timebank.schema.upgrade` opens the connection, takes the lock and hands the connection over.
"""

from alembic import context

context.configure(connection=context.config.attributes["connection"], transactional_ddl=True)
context.run_migrations()
