"""The agency's accounts. Their secrets are sealed, and read or written only through their own two methods; a proxy,
which may hold a password, is sealed too."""

from datetime import datetime

from sqlalchemy import select, update

from purchasing.accounts import Account
from purchasing.words import ProviderName, SessionState
from storage.repositories.base import Named, Repository, columns_of, record
from storage.tables import account

_COLUMNS = [column for column in account.c if column.name != "secret"]


class SqlAccounts(Repository):
    def get(self, account_id: int) -> Account | None:
        row = self._row(select(*_COLUMNS).where(account.c.id == account_id))
        return self._account(row) if row else None

    def by_nick(self, provider: ProviderName, nick: str) -> Account | None:
        row = self._row(select(*_COLUMNS).where(account.c.provider == provider, account.c.nick == nick))
        return self._account(row) if row else None

    def all(self, provider: ProviderName | None = None) -> list[Account]:
        statement = select(*_COLUMNS).order_by(account.c.id)
        if provider is not None:
            statement = statement.where(account.c.provider == provider)
        return [self._account(row) for row in self._rows(statement)]

    def ensure(self, provider: ProviderName, nick: str, keeper_id: int | None, now: datetime) -> Account:
        values = {"provider": provider, "nick": nick, "session": SessionState.OFF, "keeper_id": keeper_id}
        self._run(self._insert(account).values(values | {"created_at": now}).on_conflict_do_nothing())
        row = self._rows(select(*_COLUMNS).where(account.c.provider == provider, account.c.nick == nick))[0]
        return self._account(row)

    def _account(self, row: Named) -> Account:
        sealed = row["proxy"]
        proxy = "" if sealed is None else self._open(account.c.proxy, sealed, row["id"]).decode()
        return record(Account, dict(row) | {"proxy": proxy})

    def save(self, changed: Account) -> None:
        sealed = self._seal(account.c.proxy, changed.proxy.encode(), changed.id) if changed.proxy else None
        values = columns_of(changed, account, "id", "provider", "nick") | {"proxy": sealed}
        self._run(update(account).where(account.c.id == changed.id).values(values))

    def remove(self, account_id: int) -> None:
        gone = {"secret": None, "session": SessionState.OFF, "session_expires_at": None}
        self._run(update(account).where(account.c.id == account_id).values(gone))

    def secret(self, account_id: int) -> bytes | None:
        sealed = self._value(select(account.c.secret).where(account.c.id == account_id))
        return None if sealed is None else self._open(account.c.secret, sealed, account_id)

    def set_secret(self, account_id: int, secret: bytes | None, expires_at: datetime | None) -> None:
        sealed = None if secret is None else self._seal(account.c.secret, secret, account_id)
        values = {"secret": sealed, "session_expires_at": expires_at}
        self._run(update(account).where(account.c.id == account_id).values(values))
