"""Values come back as they went in, and times sort in SQL."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from sqlalchemy import Column, Connection, MetaData, Table, func, insert, select, text
from sqlalchemy.exc import StatementError

from purchasing.words import Lane
from storage.types import BigId, DecimalText, JsonText, UtcDateTime, Word
from storage.urls import maintenance_engine

sample = Table(
    "sample",
    MetaData(),
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime),
    Column("price", DecimalText),
    Column("parts", JsonText),
    Column("lane", Word(Lane)),
)


@pytest.fixture
def connection(empty_url: str) -> Iterator[Connection]:
    engine = maintenance_engine(empty_url)
    with engine.begin() as opened:
        sample.create(opened)
        yield opened


def test_times_come_back_aware_in_utc_and_sort(connection: Connection) -> None:
    beijing = timezone(timedelta(hours=8))
    late = datetime(2026, 3, 1, 8, 0, 0, 1, tzinfo=beijing)
    early = datetime(2026, 2, 28, 23, 59, tzinfo=UTC)
    connection.execute(insert(sample), [{"at": late}, {"at": early}])
    found = connection.execute(select(sample.c.at).order_by(sample.c.at)).scalars().all()
    assert found == [early, late]
    assert {at.tzinfo for at in found} == {UTC}
    assert connection.execute(select(func.min(sample.c.at))).scalar() == early
    assert connection.execute(select(sample.c.at).where(sample.c.at > early)).scalars().all() == [late]


def test_a_naive_time_is_refused(connection: Connection) -> None:
    with pytest.raises(StatementError, match="without zone"):
        connection.execute(insert(sample).values(at=datetime(2026, 1, 1)))  # noqa: DTZ001 - that is the point


@pytest.mark.parametrize("price", ["0.10", "12.3456789012345678901234567890", "-1", "1E+2", "19.90"])
def test_a_price_keeps_every_digit(connection: Connection, price: str) -> None:
    connection.execute(insert(sample).values(price=Decimal(price)))
    assert str(connection.execute(select(sample.c.price)).scalar()) == str(Decimal(price))


def test_tuples_come_back_as_tuples(connection: Connection) -> None:
    parts = (("name", "чашка"), ("n", "1"))
    connection.execute(insert(sample).values(parts=parts))
    assert connection.execute(select(sample.c.parts)).scalar() == parts


def test_words_are_checked_both_ways(connection: Connection) -> None:
    connection.execute(insert(sample).values(lane=Lane.PRESS))
    assert connection.execute(select(sample.c.lane)).scalar() is Lane.PRESS
    with pytest.raises(StatementError):
        connection.execute(insert(sample).values(lane="nowhere"))
    connection.execute(text("UPDATE sample SET lane = 'nowhere'"))
    with pytest.raises(ValueError, match="nowhere"):
        connection.execute(select(sample.c.lane)).scalar()


def test_numbers_of_deleted_rows_are_not_given_again(connection: Connection) -> None:
    from storage.tables import blob

    blob.create(connection)
    add = insert(blob).values(mime="", expires_at=datetime(2026, 1, 1, tzinfo=UTC)).returning(blob.c.id)
    first = connection.execute(add).scalar_one()
    connection.execute(blob.delete())
    assert connection.execute(add).scalar_one() > first
