"""What the check after export asks, and what each answer does. It asks in an activity of its own, which waits for
people: no account waits with it, and without an answer nothing is changed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from purchasing.activities import Activity, Question
from purchasing.activity_log import end, go_on, note, wait
from purchasing.ask_customer import ask_customer
from purchasing.cards import Address
from purchasing.check.plan import CheckPlan, check_of
from purchasing.crash import write
from purchasing.errors import Conflict, Stale
from purchasing.line_cost import line_cost
from purchasing.people import Person
from purchasing.ports import AuditEntry, Clock, Database, Store
from purchasing.provider_orders import ProviderOrder
from purchasing.recalculate import Parts
from purchasing.tell import tell, tell_question
from purchasing.unbind.start import start_unbind, unbindable
from purchasing.words import ActivityKind, ActivityState, Lane, Priority, QuestionState

COST, GOODS, ADDRESS = "cost_higher", "goods_differ", "goes_elsewhere"
ACCEPT, RECALCULATE, CANCEL = "accept", "recalculate", "cancel_bought"
ANSWERS = {COST: (ACCEPT, RECALCULATE, CANCEL), GOODS: (ACCEPT, CANCEL), ADDRESS: (ACCEPT, CANCEL)}


@dataclass(frozen=True)
class Finding:
    """`detail` is shown beside the line; `what` and `words` are the step's."""

    kind: str
    line_id: int
    detail: str
    what: str
    words: tuple[tuple[str, str], ...]


class Check:
    """The activity that holds the questions of one provider order: it ends once all are answered."""

    def __init__(self, db: Database, clock: Clock) -> None:
        self._db, self._clock = db, clock

    async def advance(self, activity: Activity) -> None:
        await write(self._db, "check.finish", lambda store: _finish(store, activity.id, self._clock()))

    def give_up(self, store: Store, activity: Activity, now: datetime) -> None:
        """Nothing is held and nothing was sent."""


def ask_findings(
    store: Store, source: Activity, order: ProviderOrder, findings: Sequence[Finding], now: datetime
) -> None:
    """One card per kind; `source` is the activity that saw it."""
    if not findings:
        return
    asking = check_of(store, order) or _new(store, source, order, now)
    plan = CheckPlan.of(asking)
    by_kind: dict[str, list[int]] = defaultdict(list)
    for finding in findings:
        plan.details.setdefault(finding.kind, {})[finding.line_id] = finding.detail
        by_kind[finding.kind].append(finding.line_id)
        note(store, asking, "error", finding.what, now, finding.line_id, **dict(finding.words))
    lines = {line_id for known in plan.details.values() for line_id in known}
    errors = asking.errors + len(findings)
    asking = replace(asking, plan=plan.model_dump_json(), lines_found=len(lines), orders_found=1, errors=errors)
    for kind, line_ids in by_kind.items():
        _ask(store, asking, kind, sorted(set(line_ids)), now)
    wait(store, asking, now)


def _new(store: Store, source: Activity, order: ProviderOrder, now: datetime) -> Activity:
    draft = Activity(
        0,
        ActivityKind.REPRICE,
        ActivityState.WAITING,
        CheckPlan(order_id=order.id, number=order.number).model_dump_json(),
        Priority.BACKGROUND,
        account_id=order.account_id,
        provider=order.provider,
        started_by=source.started_by,
        title=order.number,
    )
    return store.activities.add(draft, now)


def _ask(store: Store, asking: Activity, kind: str, line_ids: list[int], now: datetime) -> None:
    for question in _open(store, asking, kind):
        if not set(dict(question.line_answers)) & set(line_ids):
            store.questions.add_lines(question.id, line_ids)
            store.cards.touch(f"question:{question.id}", Lane.QUESTION, now)
            return
    question = store.questions.ask(asking.id, kind, ANSWERS[kind], {}, line_ids, now)
    tell_question(store, asking, question, now)


def _open(store: Store, asking: Activity, kind: str = "") -> list[Question]:
    questions = store.questions.of_activity(asking.id)
    return [q for q in questions if q.state is QuestionState.OPEN and kind in ("", q.kind)]


def stop_asking(store: Store, order: ProviderOrder, why: str, now: datetime, kind: str = "") -> None:
    """Takes back what is still asked about this order, if it is all of this kind ("" for any): `why` is told."""
    asking = check_of(store, order)
    taken_back = _open(store, asking) if asking else []
    if asking is None or not taken_back or taken_back != _open(store, asking, kind):
        return
    note(store, asking, "info", why, now, number=order.number)
    end(store, asking, ActivityState.CANCELLED, now, why)
    for question in taken_back:
        store.cards.touch(f"question:{question.id}", Lane.QUESTION, now)


def apply(
    store: Store,
    person: Person,
    activity: Activity,
    question: Question,
    answer: str,
    line_ids: Sequence[int],
    now: datetime,
) -> None:
    """Accepts how it was bought, asks the customer to pay for it, or starts to unbind and cancel it."""
    note(store, activity, "info", "answered", now, answer=answer, lines=len(line_ids))
    if answer == CANCEL and (bound := unbindable(store, store.lines.many(line_ids))):
        start_unbind(store, person, [line.id for line in bound], now, cancel=True)
    if question.kind == COST and answer != CANCEL:
        for line_id in line_ids:
            _accept(store, person, line_id, now)
    if answer == RECALCULATE:
        _recalculate(store, person, line_ids, now)
    go_on(store, activity, now)


def _accept(store: Store, person: Person, line_id: int, now: datetime) -> None:
    purchase, total = store.purchases.get(line_id), line_cost(store, line_id).total
    if purchase and total > purchase.agreed:
        store.purchases.put(replace(purchase, agreed=total))
        said = AuditEntry(now, person.id, "price_accepted", f"line:{line_id}", str(purchase.agreed), str(total))
        store.audit.add(said)


def _recalculate(store: Store, person: Person, line_ids: Sequence[int], now: datetime) -> None:
    """Each customer's request is shown to the person who decided so."""
    lines = store.lines.many(line_ids)
    for order_id in sorted({line.order_id for line in lines}):
        mine = [line.id for line in lines if line.order_id == order_id]
        try:
            request = ask_customer(store, person, order_id, mine, Parts.BOTH, now)
        except (Conflict, Stale):
            continue  # asked already, or what the customer pays covers it
        address = Address.of("consent", request.id)
        tell(store, [person], address, Lane.PRESS, now, f"consent:{request.id}")


def _finish(store: Store, activity_id: int, now: datetime) -> None:
    activity = store.activities.get(activity_id)
    if activity is None or activity.over:
        return
    if _open(store, activity):
        wait(store, activity, now)
    else:
        end(store, activity, ActivityState.DONE, now)
