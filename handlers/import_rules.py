"""Why a file, or a cell of it, wasn't taken: every rule's sentence. What the cell held is shown beside it."""

from bot.texts import Html, Reader, esc, lazy_text
from handlers.columns import column_names
from purchasing.order_file import RowProblem

FILE: dict[str, str] = {
    "no_order_file": lazy_text(
        "This isn't an order file: none of its columns is known. "
        "It needs at least: order, product link or product id, and quantity. A parcel file needs a parcel's or an "
        "order's number and a track number."
    ),
    "no_parcel_file": lazy_text(
        "This isn't a parcel file: it needs a parcel's or an order's number and a track number."
    ),
    "role": lazy_text("Your role may not import this kind of file. Nothing was taken from it."),
    "columns_missing": lazy_text("The file lacks columns that it needs: {value}."),
    "empty": lazy_text("The file is empty: there isn't a single order row in it."),
    "encoding": lazy_text("The file's encoding can't be told. Save it as XLSX, or as CSV in UTF-8, and send it again."),
    "too_big": lazy_text("The file is over 5 MB. Send it in parts."),
    "too_many_rows": lazy_text("The file has over 5,000 rows. Send it in parts."),
    "zip_bomb": lazy_text(
        "The file grows too much when it is unpacked and wasn't opened. Save it anew and send it again."
    ),
    "password": lazy_text("The file is locked with a password. Save it without one and send it again."),
    "too_heavy": lazy_text("Reading the file took too long. Keep only the order list in it and send it again."),
    "broken": lazy_text("The file is broken and can't be opened. Save it anew and send it again."),
    "gone": lazy_text("Telegram does not have this file any more. Please send it again."),
}

CELL: dict[str, str] = {
    "missing": lazy_text("is empty"),
    "not_a_number": lazy_text("isn't a number"),
    "not_whole": lazy_text("isn't a whole number"),
    "too_large": lazy_text("is too large"),
    "too_small": lazy_text("is too small"),
    "too_long": lazy_text("is too long"),
    "negative": lazy_text("is below zero"),
    "number_rounded": lazy_text("was rounded by the spreadsheet: write ids as text"),
    "ambiguous_number": lazy_text("can be read in two ways: is the comma for thousands or for the fraction?"),
    "became_date": lazy_text("was turned into a date by the spreadsheet: write it as text"),
    "not_an_id": lazy_text("isn't an id: ids are digits"),
    "not_yuan": lazy_text("isn't in yuan"),
    "currency": lazy_text("isn't a currency code like RUB"),
    "unknown_provider": lazy_text("isn't a marketplace that we buy on"),
    "provider_missing": lazy_text("is missing: neither a marketplace nor a product link is given"),
    "provider_differs": lazy_text("says another marketplace than the link"),
    "item_missing": lazy_text("names no product"),
    "item_differs": lazy_text("names another product than the link"),
    "sku_differs": lazy_text("names another configuration than the link"),
    "several_items": lazy_text("holds several product links"),
    "short_link": lazy_text("is a short link: open it and copy the product's full address"),
    "duplicate": lazy_text("is in the file twice"),
    "differs_in_order": lazy_text("differs between the rows of one order"),
    "other_choice": lazy_text(
        "is in this order already in a configuration that the file no longer names: "
        "cancel one of the two lines, then make the other ready"
    ),
    "split_too_few": lazy_text("is less than what was split off this line: change the pieces of its parts by hand"),
    "no_such_parcel": lazy_text("isn't a parcel that we know"),
    "no_such_order": lazy_text("isn't an order that we know"),
    "other_order": lazy_text("isn't the order of this parcel"),
    "no_parcel_yet": lazy_text("has no parcel yet: its goods must be packed first"),
    "several_parcels": lazy_text("has several parcels: write the number of the one that is meant (VYK…) beside it"),
    "domestic_track": lazy_text("is a domestic track number in China: customers aren't shown those"),
    "track_elsewhere": lazy_text("stands on another customer's parcel already"),
    "track_6_40": lazy_text("isn't a track number: those have 6 to 40 Latin letters and digits"),
    "weight_range": lazy_text("isn't a parcel's weight"),
    "size_cm": lazy_text("isn't a size in centimetres like 30x20x15"),
    "price_number": lazy_text("isn't a sum like 12.50"),
    "text_300": lazy_text("is too long"),
    "text_100": lazy_text("is too long"),
    "unknown_status": lazy_text("isn't a status that we know: the line was taken as not paid"),
}


def file_rule(reader: Reader, rule: str, value: str) -> Html:
    """Why the whole file was refused."""
    if rule not in FILE:
        return reader.text("The file couldn't be read. Save it as XLSX and send it again.")
    return reader.text(FILE[rule], value=column_names(reader, value))


def cell_rule(reader: Reader, problem: RowProblem) -> Html:
    """What is wrong with the cell; said of its content, so that it reads on behind it."""
    rule = problem.rule
    if problem.value.startswith("=") and rule in ("not_a_number", "not_whole"):
        return reader.text("is a formula: put its value there")
    if problem.column == "item_url" and rule == "unknown_provider":
        return reader.text("isn't a link to a product on Taobao or 1688")
    return reader.text(CELL[rule]) if rule in CELL else esc(rule.replace("_", " "))
