"""Cancels an unpaid order, once. An order that was paid is never touched."""

from providers.alibaba1688 import apis, orders
from providers.alibaba1688.client import Client
from providers.alibaba1688.refusals import looks_temporary, meaning
from providers.alibaba1688.wire import Wire, read_as
from purchasing.crash import crash_point
from purchasing.errors import OutcomeUnknown, PageChanged, Refused
from purchasing.provider import AboutToSend, Gate
from purchasing.refusals import Refusal
from purchasing.words import Stage


class _Answer(Wire):
    success: bool = False
    error_code: str = ""
    error_message: str = ""


async def cancel(client: Client, account_id: int, number: str, gate: Gate) -> None:
    """See the port. An order that is closed already, unpaid, is done."""
    order = orders.seen(await orders.detail(client, account_id, number))
    if order.stage is Stage.CLOSED_UNPAID:
        return
    if order.stage is not Stage.UNPAID:
        raise Refused(Refusal.ORDER_PAID, detail=order.raw_status)
    params = {"webSite": "1688", "tradeID": number, "cancelReason": "buyerCancel"}
    call = await client.prepare(account_id, apis.CANCEL, params)
    deadline = await gate(AboutToSend(order.total, order.freight, order.raw_status))
    crash_point("alibaba1688.cancel")
    try:
        body = await call.send(deadline)
        crash_point("alibaba1688.cancelled")
        answer = read_as(_Answer, body, apis.CANCEL.name)
    except PageChanged as error:
        raise OutcomeUnknown(f"trade.cancel: {error.evidence}") from error
    if not answer.success:
        _raise(answer.error_code, answer.error_message)


def _raise(code: str, message: str) -> None:
    if not code or looks_temporary(code, message):
        raise OutcomeUnknown(f"trade.cancel: {code} {message}".strip())
    raise Refused(meaning(code, message), detail=f"{code} {message}".strip())
