"""Tells what a database's error means: worth another try, a database that can't be used, or a mistake of ours."""

import sqlite3

from sqlalchemy.exc import DBAPIError, OperationalError

# Primary result codes, https://sqlite.org/rescode.html
_SQLITE = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_NOTADB,
}
# serialization_failure and deadlock_detected, https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRES_CONFLICTS = {"40001", "40P01"}


def is_conflict(error: DBAPIError) -> bool:
    """Another writer on Postgres got in the way: the same unit may well succeed now."""
    # psycopg itself is megabytes that nobody on SQLite needs
    return getattr(error.orig, "sqlstate", None) in _POSTGRES_CONFLICTS


def is_unavailable(error: DBAPIError) -> bool:
    """Locked, full, broken or away; a wrong statement or a broken rule is neither."""
    if isinstance(error.orig, sqlite3.Error):
        # errors that sqlite3 raises by itself (a closed connection) carry no code
        code = getattr(error.orig, "sqlite_errorcode", None)
        return code is not None and code & 0xFF in _SQLITE
    return error.connection_invalidated or isinstance(error, OperationalError)
