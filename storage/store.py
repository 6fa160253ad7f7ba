"""All repositories over one connection, for the time of one unit of work."""

from sqlalchemy import Connection

from purchasing import ports, warehouse_ports
from storage.repositories.accounts import SqlAccounts
from storage.repositories.activities import SqlActivities
from storage.repositories.audit import SqlAudit
from storage.repositories.bindings import SqlBindings
from storage.repositories.blobs import SqlBlobs
from storage.repositories.cards import SqlCards
from storage.repositories.events import SqlEvents
from storage.repositories.inbox import SqlInbox
from storage.repositories.invitations import SqlInvitations
from storage.repositories.ledger import SqlLedger
from storage.repositories.lines import SqlLines
from storage.repositories.orders import SqlOrders
from storage.repositories.parcels import SqlParcels
from storage.repositories.people import SqlNotes, SqlPeople, SqlSelection, SqlSettings
from storage.repositories.previews import SqlPreviews
from storage.repositories.provider_orders import SqlProviderOrders
from storage.repositories.questions import SqlQuestions
from storage.repositories.schedules import SqlSchedules
from storage.repositories.warehouse import SqlWarehouse
from storage.vault import Vault


class SqlStore:
    """Implements `purchasing.ports.Store`."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.people: ports.People = SqlPeople(connection, vault)
        self.invitations: ports.Invitations = SqlInvitations(connection, vault)
        self.settings: ports.Settings = SqlSettings(connection, vault)
        self.notes: ports.Notes = SqlNotes(connection, vault)
        self.selection: ports.Selection = SqlSelection(connection, vault)
        self.accounts: ports.Accounts = SqlAccounts(connection, vault)
        self.orders: ports.Orders = SqlOrders(connection, vault)
        self.lines: ports.Lines = SqlLines(connection, vault)
        self.provider_orders: ports.ProviderOrders = SqlProviderOrders(connection, vault)
        self.bindings: ports.Bindings = SqlBindings(connection, vault)
        self.ledger: ports.Ledger = SqlLedger(connection, vault)
        self.activities: ports.Activities = SqlActivities(connection, vault)
        self.questions: ports.Questions = SqlQuestions(connection, vault)
        self.previews: ports.Previews = SqlPreviews(connection, vault)
        self.events: ports.Events = SqlEvents(connection, vault)
        self.cards: ports.Cards = SqlCards(connection, vault)
        self.inbox: ports.Inbox = SqlInbox(connection, vault)
        self.schedules: ports.Schedules = SqlSchedules(connection, vault)
        self.blobs: ports.Blobs = SqlBlobs(connection, vault)
        self.audit: ports.Audit = SqlAudit(connection, vault)
        self.warehouse: warehouse_ports.Warehouse = SqlWarehouse(connection, vault)
        self.parcels: warehouse_ports.Parcels = SqlParcels(connection, vault)
