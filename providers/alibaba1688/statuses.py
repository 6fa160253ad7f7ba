"""What 1688's raw statuses mean to us; their names are in `purchasing.status_names`. One that isn't here is unknown,
never an error."""

from purchasing.words import Stage

_STAGES = {
    "waitbuyerpay": Stage.UNPAID,
    "waitsellersend": Stage.PAID,
    "waitlogisticstakein": Stage.SHIPPED,
    "waitbuyerreceive": Stage.SHIPPED,
    "waitbuyersign": Stage.SHIPPED,
    "signinsuccess": Stage.SIGNED,
    "confirm_goods": Stage.SIGNED,
    "success": Stage.DONE,
    # Orders paid in stages: inferred from the names alone.
    "waitactivate": Stage.UNPAID,
    "waitsellerpush": Stage.PAID,
    "waitselleract": Stage.PAID,
    "waitbuyerconfirmaction": Stage.PAID,
    "settlebill": Stage.DONE,
}
_CLOSED = {"cancel", "terminated", "inactiveandcancel"}


def stage(raw: str, *, paid: bool) -> Stage | None:
    """`paid`: whether money was ever taken, which tells a closed order that was refunded from one never paid."""
    if raw in _CLOSED:
        return Stage.CLOSED_REFUNDED if paid else Stage.CLOSED_UNPAID
    return _STAGES.get(raw)
