"""What happens at the warehouse's table. A scan taken back stays written; only its pieces are given back."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, func, insert, select, update

from purchasing.receiving import Arrivals, Defect, DefectKind, LinePhoto, Receiving, Scan, ScanKind
from purchasing.words import Stage
from storage.repositories.base import Repository, grouped, record, unique
from storage.tables import (
    binding,
    defect,
    line_photo,
    provider_line,
    provider_order,
    receiving,
    scan,
    scan_piece,
    wanted_number,
    waybill,
)

_ARRIVED = (ScanKind.RECEIVED, ScanKind.PART)
_CLOSED = (Stage.CLOSED_UNPAID, Stage.CLOSED_REFUNDED)


class SqlWarehouse(Repository):
    def open_of(self, person_id: int) -> Receiving | None:
        row = self._row(select(receiving).where(receiving.c.person_id == person_id, receiving.c.ended_at.is_(None)))
        return record(Receiving, row) if row else None

    def get(self, receiving_id: int) -> Receiving | None:
        row = self._row(select(receiving).where(receiving.c.id == receiving_id))
        return record(Receiving, row) if row else None

    def start(self, person_id: int, now: datetime) -> Receiving:
        added = insert(receiving).values(person_id=person_id, started_at=now).returning(receiving)
        return record(Receiving, self._rows(added)[0])

    def finish(self, receiving_id: int, now: datetime) -> None:
        self._run(update(receiving).where(receiving.c.id == receiving_id).values(ended_at=now))

    def set_card(self, receiving_id: int, card_id: int, scans: int) -> None:
        values = {"card_id": card_id, "card_scans": scans}
        self._run(update(receiving).where(receiving.c.id == receiving_id).values(values))

    def add_scan(
        self, receiving_id: int, number: str, kind: ScanKind, box_of: tuple[int, int] | None, now: datetime
    ) -> Scan:
        box, boxes = box_of or (0, 0)
        values = {"receiving_id": receiving_id, "number": number, "kind": kind, "box": box, "boxes": boxes, "at": now}
        return record(Scan, self._rows(insert(scan).values(values).returning(scan))[0])

    def scan(self, scan_id: int) -> Scan | None:
        found = self._scans(select(scan).where(scan.c.id == scan_id))
        return found[0] if found else None

    def scans(self, receiving_id: int) -> list[Scan]:
        return self._scans(_kept(receiving_id).order_by(scan.c.id))

    def newest(self, receiving_id: int, limit: int) -> list[Scan]:
        return self._scans(_kept(receiving_id).order_by(scan.c.id.desc()).limit(limit))

    def counts(self, receiving_id: int) -> dict[ScanKind, int]:
        where = scan.c.receiving_id == receiving_id, scan.c.undone_at.is_(None)
        rows = self._rows(select(scan.c.kind, func.count().label("n")).where(*where).group_by(scan.c.kind))
        return dict.fromkeys(ScanKind, 0) | {row["kind"]: row["n"] for row in rows}

    def arrived(self, number: str) -> list[Scan]:
        where = scan.c.number == number, scan.c.kind.in_(_ARRIVED), scan.c.undone_at.is_(None)
        return self._scans(select(scan).where(*where).order_by(scan.c.id))

    def set_kind(self, scan_id: int, kind: ScanKind) -> None:
        self._run(update(scan).where(scan.c.id == scan_id).values(kind=kind))

    def undo(self, scan_id: int, now: datetime) -> None:
        self._run(update(scan).where(scan.c.id == scan_id).values(undone_at=now))

    def weigh(self, scan_id: int, grams: int) -> None:
        self._run(update(scan).where(scan.c.id == scan_id).values(weight=grams))

    def put_pieces(self, scan_id: int, pieces: Mapping[int, int]) -> None:
        for binding_id, quantity in pieces.items():
            pair = scan_piece.c.scan_id == scan_id, scan_piece.c.binding_id == binding_id
            before = self._value(select(scan_piece.c.quantity).where(*pair)) or 0
            new = self._insert(scan_piece).values(scan_id=scan_id, binding_id=binding_id, quantity=quantity)
            key = [scan_piece.c.scan_id, scan_piece.c.binding_id]
            self._run(new.on_conflict_do_update(index_elements=key, set_={"quantity": quantity}))
            received = binding.c.received + (quantity - before)
            self._run(update(binding).where(binding.c.id == binding_id).values(received=received))

    def add_defect(
        self, line_id: int, scan_id: int | None, kind: DefectKind, reported_by: int, now: datetime
    ) -> Defect:
        values = {"line_id": line_id, "scan_id": scan_id, "kind": kind, "reported_by": reported_by, "at": now}
        return record(Defect, self._rows(insert(defect).values(values).returning(defect))[0])

    def defect(self, defect_id: int) -> Defect | None:
        row = self._row(select(defect).where(defect.c.id == defect_id))
        return record(Defect, row) if row else None

    def defects(self, line_ids: Collection[int]) -> list[Defect]:
        wanted = select(defect).where(defect.c.line_id.in_(unique(line_ids))).order_by(defect.c.id)
        return [record(Defect, row) for row in self._rows(wanted)]

    def defects_of(self, receiving_id: int) -> list[Defect]:
        wanted = select(defect).join(scan).where(scan.c.receiving_id == receiving_id).order_by(defect.c.id)
        return [record(Defect, row) for row in self._rows(wanted)]

    def save_defect(self, defect_id: int, note: str, told_at: datetime | None) -> None:
        self._run(update(defect).where(defect.c.id == defect_id).values(note=note, told_at=told_at))

    def add_photo(
        self, line_id: int, file_id: str, unique_id: str, defect_id: int | None, added_by: int, now: datetime
    ) -> bool:
        values = {"line_id": line_id, "file_id": file_id, "unique_id": unique_id, "defect_id": defect_id}
        new = self._insert(line_photo).values(values | {"added_by": added_by, "at": now})
        return self._run(new.on_conflict_do_nothing()) > 0

    def photos(self, line_id: int, defect_id: int | None = None) -> list[LinePhoto]:
        wanted = select(line_photo).where(line_photo.c.line_id == line_id)
        if defect_id is not None:
            wanted = wanted.where(line_photo.c.defect_id == defect_id)
        return [record(LinePhoto, row) for row in self._rows(wanted.order_by(line_photo.c.id))]

    def photos_after(self, photo_id: int, limit: int) -> list[LinePhoto]:
        wanted = select(line_photo).where(line_photo.c.id > photo_id).order_by(line_photo.c.id).limit(limit)
        return [record(LinePhoto, row) for row in self._rows(wanted)]

    def photo_keys(self) -> set[tuple[int, int]]:
        return {(row["line_id"], row["id"]) for row in self._rows(select(line_photo.c.line_id, line_photo.c.id))}

    def remove_photo(self, photo_id: int) -> None:
        self._run(line_photo.delete().where(line_photo.c.id == photo_id))

    def want(self, number: str, person_id: int, now: datetime) -> None:
        new = self._insert(wanted_number).values(number=number, person_id=person_id, asked_at=now)
        key = [wanted_number.c.number, wanted_number.c.person_id]
        again = {"asked_at": now, "found_at": None}
        self._run(new.on_conflict_do_update(index_elements=key, set_=again))

    def wanted(self, numbers: Collection[str]) -> list[tuple[str, int]]:
        where = wanted_number.c.number.in_(sorted(set(numbers))), wanted_number.c.found_at.is_(None)
        return [(row["number"], row["person_id"]) for row in self._rows(select(wanted_number).where(*where))]

    def found(self, numbers: Collection[str], now: datetime) -> None:
        self._run(update(wanted_number).where(wanted_number.c.number.in_(sorted(set(numbers)))).values(found_at=now))

    def arrivals(self, expected_before: datetime, overdue_before: datetime, since: datetime) -> Arrivals:
        expected = waybill.c.first_seen_at < expected_before, waybill.c.first_seen_at >= overdue_before
        overdue = waybill.c.first_seen_at < overdue_before, waybill.c.first_seen_at >= since
        return Arrivals(self._under_way(*expected), self._under_way(*overdue))

    def _under_way(self, *when: Any) -> tuple[tuple[str, int], ...]:
        ours = exists().where(
            provider_line.c.provider_order_id == waybill.c.provider_order_id,
            binding.c.provider_line_id == provider_line.c.id,
            binding.c.ended_at.is_(None),
            binding.c.received < binding.c.quantity,
        )
        carrier = func.coalesce(func.nullif(waybill.c.carrier_name, ""), waybill.c.carrier).label("name")
        counted = func.count(waybill.c.plain_number.distinct()).label("n")
        rows = self._rows(
            select(carrier, counted)
            .join(provider_order)
            .where(waybill.c.received_at.is_(None), waybill.c.replaced_at.is_(None), *when, ours)
            .where(provider_order.c.stage.is_(None) | provider_order.c.stage.not_in(_CLOSED))
            .group_by(carrier)
            .order_by(counted.desc(), carrier)
        )
        return tuple((row["name"], row["n"]) for row in rows)

    def _scans(self, wanted: Select[Any]) -> list[Scan]:
        rows = self._rows(wanted)
        where = scan_piece.c.scan_id.in_([row["id"] for row in rows])
        pieces = grouped(self._rows(select(scan_piece).where(where).order_by(scan_piece.c.binding_id)), "scan_id")
        return [
            record(Scan, row, pieces=tuple((p["binding_id"], p["quantity"]) for p in pieces.get(row["id"], ())))
            for row in rows
        ]


def _kept(receiving_id: int) -> Select[Any]:
    return select(scan).where(scan.c.receiving_id == receiving_id, scan.c.undone_at.is_(None))
