"""All repositories over one connection, for the time of one unit of work."""

from sqlalchemy import Connection

from purchasing import (
    chat_ports,
    line_ports,
    money_ports,
    order_ports,
    page_ports,
    payment_ports,
    people_ports,
    ports,
    rate_ports,
    shop_ports,
    stuck_things,
    telling_ports,
    warehouse_ports,
    work_ports,
)
from storage.repositories.accounts import SqlAccounts
from storage.repositories.activities import SqlActivities
from storage.repositories.approvals import SqlApprovals
from storage.repositories.audit import SqlAudit
from storage.repositories.bindings import SqlBindings
from storage.repositories.blobs import SqlBlobs
from storage.repositories.cards import SqlCards
from storage.repositories.events import SqlEvents
from storage.repositories.inbox import SqlInbox
from storage.repositories.invitations import SqlInvitations
from storage.repositories.ledger import SqlLedger
from storage.repositories.line_notes import SqlLineNotes
from storage.repositories.lines import SqlLines
from storage.repositories.money import SqlConsents, SqlPurchases, SqlRefunds
from storage.repositories.numbers import SqlNumbers
from storage.repositories.orders import SqlOrders
from storage.repositories.page_links import SqlPageLinks
from storage.repositories.parcels import SqlParcels
from storage.repositories.people import SqlNotes, SqlPeople, SqlSelection, SqlSettings
from storage.repositories.previews import SqlPreviews
from storage.repositories.provider_orders import SqlProviderOrders
from storage.repositories.questions import SqlQuestions
from storage.repositories.rates import SqlRates
from storage.repositories.schedules import SqlSchedules
from storage.repositories.shipments import SqlShipments
from storage.repositories.shops import SqlCallbacks, SqlShops
from storage.repositories.stuck import SqlStuck
from storage.repositories.told import SqlTold
from storage.repositories.warehouse import SqlWarehouse
from storage.repositories.waybills import SqlWaybills
from storage.vault import Vault


class SqlStore:
    """Implements `purchasing.ports.Store`."""

    def __init__(self, connection: Connection, vault: Vault) -> None:
        self.people: people_ports.People = SqlPeople(connection, vault)
        self.invitations: people_ports.Invitations = SqlInvitations(connection, vault)
        self.settings: ports.Settings = SqlSettings(connection, vault)
        self.notes: people_ports.Notes = SqlNotes(connection, vault)
        self.selection: people_ports.Selection = SqlSelection(connection, vault)
        self.accounts: ports.Accounts = SqlAccounts(connection, vault)
        self.orders: order_ports.Orders = SqlOrders(connection, vault)
        self.lines: order_ports.Lines = SqlLines(connection, vault)
        self.provider_orders: order_ports.ProviderOrders = SqlProviderOrders(connection, vault)
        self.shipments: order_ports.Shipments = SqlShipments(connection, vault)
        self.numbers: order_ports.Numbers = SqlNumbers(connection, vault)
        self.bindings: order_ports.Bindings = SqlBindings(connection, vault)
        self.ledger: work_ports.Ledger = SqlLedger(connection, vault)
        self.activities: work_ports.Activities = SqlActivities(connection, vault)
        self.questions: work_ports.Questions = SqlQuestions(connection, vault)
        self.previews: work_ports.Previews = SqlPreviews(connection, vault)
        self.events: order_ports.Events = SqlEvents(connection, vault)
        self.cards: chat_ports.Cards = SqlCards(connection, vault)
        self.inbox: chat_ports.Inbox = SqlInbox(connection, vault)
        self.schedules: work_ports.Schedules = SqlSchedules(connection, vault)
        self.blobs: ports.Blobs = SqlBlobs(connection, vault)
        self.page_links: page_ports.PageLinks = SqlPageLinks(connection, vault)
        self.audit: ports.Audit = SqlAudit(connection, vault)
        self.warehouse: warehouse_ports.Warehouse = SqlWarehouse(connection, vault)
        self.parcels: warehouse_ports.Parcels = SqlParcels(connection, vault)
        self.purchases: money_ports.Purchases = SqlPurchases(connection, vault)
        self.refunds: money_ports.Refunds = SqlRefunds(connection, vault)
        self.consents: money_ports.Consents = SqlConsents(connection, vault)
        self.told: telling_ports.Tellings = SqlTold(connection, vault)
        self.rates: rate_ports.Rates = SqlRates(connection, vault)
        self.waybills: line_ports.Waybills = SqlWaybills(connection, vault)
        self.line_notes: line_ports.LineNotes = SqlLineNotes(connection, vault)
        self.stuck: stuck_things.Stuck = SqlStuck(connection, vault)
        self.approvals: payment_ports.Approvals = SqlApprovals(connection, vault)
        self.shops: shop_ports.Shops = SqlShops(connection, vault)
        self.callbacks: shop_ports.Callbacks = SqlCallbacks(connection, vault)
