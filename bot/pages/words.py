"""What the pages say, as plain text in the link's maker's language. A nick is all that they tell of an account."""

from bot.texts import Reader, lazy_text, plain
from purchasing.activities import Activity
from purchasing.errors import NotAllowed, Stale
from purchasing.log_in import LoginPlan
from purchasing.words import ActivityState

LABELS = {
    "done": lazy_text("Done"),
    "type": lazy_text("Tap here to type into the page"),
    "letters": lazy_text("Show letters, for input methods"),
    "move": lazy_text("Move the picture"),
    "back": lazy_text("Back"),
    "reload": lazy_text("Load again"),
    "lost": lazy_text("The connection was lost. Ask for a new link in the chat: the page stays as it is."),
}
LOGIN_OVER = lazy_text("This login is over. Start it again in the chat with the bot.")
REFUSED = {
    "page_unknown": lazy_text("This link doesn't work. Ask for a new one in the chat with the bot."),
    "page_used": lazy_text("This link was used already: each works once. Ask for a new one in the chat with the bot."),
    "page_late": lazy_text("This link is too old. Ask for a new one in the chat with the bot."),
    "page_taken": lazy_text("Somebody has this page open right now. When they are through, open the link once more."),
    "login_over": LOGIN_OVER,
}
GO_TO_CHAT = lazy_text("The marketplace wants something more of a person. Go on in the chat with the bot.")


def labels(reader: Reader) -> dict[str, str]:
    return {name: plain(reader.text(text)) for name, text in LABELS.items()}


def refusal(error: Stale | NotAllowed, reader: Reader) -> str:
    code = error.code if isinstance(error, Stale) else "page_unknown"
    return plain(reader.text(REFUSED.get(code, REFUSED["page_unknown"])))


def live_hint(reader: Reader) -> str:
    return plain(
        reader.text(
            "This is the marketplace's page in the account's own browser. What you type goes there only. Press Done "
            "when it is through."
        )
    )


def time_over(reader: Reader) -> str:
    return plain(reader.text("The time for this page is over. Ask for a new link in the chat with the bot."))


def page_left(reader: Reader) -> str:
    return plain(reader.text("The page was closed from the chat. You can close this window."))


def stage(reader: Reader, activity: Activity, plan: LoginPlan) -> str:
    """Where the login is now."""
    return plain(_ended(reader, activity, plan) if activity.over else _running(reader, activity, plan))


def _running(reader: Reader, activity: Activity, plan: LoginPlan) -> str:
    match plan.stage:
        case "qr":
            return reader.text(
                "Scan this code with the Taobao app: the scan sign beside its search field. The code is renewed here "
                "by itself; you have about three minutes."
            )
        case "scanned":
            return reader.text("Scanned. Now confirm the login on the phone.")
        case "code_wanted" | "human_wanted" if activity.state is ActivityState.WAITING:
            return reader.text(GO_TO_CHAT)
        case "code_wanted" | "human_wanted":
            return reader.text("Checking…")
        case _:
            return reader.text("Starting…")


def _ended(reader: Reader, activity: Activity, plan: LoginPlan) -> str:
    if plan.stage == "done":
        return reader.text("✅ Logged in as {nick}. You can close this page.", nick=plan.nick)
    if activity.state is ActivityState.CANCELLED:
        return reader.text("The login was cancelled.")
    return reader.text(LOGIN_OVER)
