"""A database that was set back to a backup: what was bought since then isn't in it, so nothing may be bought again
before somebody has looked."""

from datetime import datetime

from purchasing.cards import Address
from purchasing.ports import AuditEntry, Store
from purchasing.sync_account import start_sync
from purchasing.tell import owners, tell
from purchasing.troubles import stamp
from purchasing.words import IntentState, Lane

EVIDENCE = "restored from a backup: whether it was sent since then isn't known"


def set_back(store: Store, made_at: datetime, now: datetime) -> int:
    """Stops buying, has every usable account synced, and tells the owners; the intents that must be looked for.

    What the backup knows as prepared may have been sent after it was made: it counts as being sent, so that it is
    looked for on the marketplace before anything else."""
    looked_for = 0
    for intent in store.ledger.live():
        if intent.state is IntentState.PREPARED:
            store.ledger.mark_sending(intent.id, intent.fence, made_at, EVIDENCE, made_at)
        looked_for += intent.state in (IntentState.PREPARED, IntentState.SENDING)
    store.settings.put("buying.stopped", "yes", None, now)
    for account in store.accounts.all():
        if account.usable:
            start_sync(store, account.id, None, now)
    store.audit.add(AuditEntry(now, None, "restored", "", "", f"{made_at:%Y-%m-%d %H:%M} UTC"))
    told = Address.of("restored", stamp(made_at))
    tell(store, owners(store), told, Lane.QUESTION, now, f"restored:{stamp(now)}")
    return looked_for
