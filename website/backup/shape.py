"""The shape of the database: rows of a backup fit only the program whose migrations made it."""

from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def of_program() -> list[str]:
    """The last migration of every app, `app.name`."""
    return sorted(f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.graph.leaf_nodes())


def is_behind() -> bool:
    """Is there a migration that the database has not had yet?"""
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
