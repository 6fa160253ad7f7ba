"""Every refusal a bot can get, in Telegram's own words and codes; nothing else in this package may word one."""

from enum import Enum


class Refusal(Enum):
    """``(HTTP code, description)``; descriptions are Telegram's, a few recalled and not quoted from its source."""

    UNAUTHORIZED = 401, "Unauthorized"
    METHOD_NOT_FOUND = 404, "Not Found: method not found"
    FILE_NOT_FOUND = 404, "Not Found: file not found"
    TOO_MANY_REQUESTS = 429, "Too Many Requests: retry after {retry_after}"
    INTERNAL = 500, "Internal Server Error"
    BAD_GATEWAY = 502, "Bad Gateway"

    POLLED_ELSEWHERE = (
        409,
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
    )
    WEBHOOK_ACTIVE = (
        409,
        "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first",
    )
    WEBHOOK_SET = 409, "Conflict: terminated by setWebhook request"
    BAD_WEBHOOK = 400, "Bad Request: bad webhook: {why}"

    BLOCKED = 403, "Forbidden: bot was blocked by the user"
    NEVER_STARTED = 403, "Forbidden: bot can't initiate conversation with a user"
    KICKED = 403, "Forbidden: bot was kicked from the group chat"
    CHAT_ID_EMPTY = 400, "Bad Request: chat_id is empty"
    CHAT_NOT_FOUND = 400, "Bad Request: chat not found"
    MEMBER_NOT_FOUND = 400, "Bad Request: member not found"
    NOT_IN_PRIVATE = 400, "Bad Request: chat member status can't be changed in private chats"

    BAD_PARAMETER = 400, "Bad Request: {why}"
    NOT_UTF8 = 400, "Bad Request: strings must be encoded in UTF-8"
    TEXT_EMPTY = 400, "Bad Request: message text is empty"
    TEXT_TOO_LONG = 400, "Bad Request: message is too long"
    CAPTION_TOO_LONG = 400, "Bad Request: message caption is too long"
    CANT_PARSE = 400, "Bad Request: can't parse entities: {why}"
    PARSE_MODE = 400, "Bad Request: unsupported parse_mode"

    MESSAGE_ID_EMPTY = 400, "Bad Request: message identifier is not specified"
    NOT_MODIFIED = (
        400,
        (
            "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        ),
    )
    EDIT_NOT_FOUND = 400, "Bad Request: message to edit not found"
    CANT_EDIT = 400, "Bad Request: message can't be edited"
    NO_TEXT_TO_EDIT = 400, "Bad Request: there is no text in the message to edit"
    NO_CAPTION_TO_EDIT = 400, "Bad Request: there is no caption in the message to edit"
    DELETE_NOT_FOUND = 400, "Bad Request: message to delete not found"
    CANT_DELETE = 400, "Bad Request: message can't be deleted"
    REPLY_NOT_FOUND = 400, "Bad Request: message to be replied not found"
    PIN_NOT_FOUND = 400, "Bad Request: message to pin not found"
    UNPIN_NOT_FOUND = 400, "Bad Request: message to unpin not found"
    REACT_NOT_FOUND = 400, "Bad Request: message to react not found"
    REACTION_INVALID = 400, "Bad Request: REACTION_INVALID"
    QUERY_TOO_OLD = (
        400,
        "Bad Request: query is too old and response timeout expired or query ID is invalid",
    )
    ANSWER_TOO_LONG = 400, "Bad Request: MESSAGE_TOO_LONG"

    BAD_MARKUP = 400, "Bad Request: object expected as reply markup"
    BAD_BUTTON = 400, "Bad Request: can't parse inline keyboard button: {why}"
    TEXT_BUTTON = (
        400,
        "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    )
    BUTTON_DATA = 400, "Bad Request: BUTTON_DATA_INVALID"
    BUTTON_URL = 400, "Bad Request: inline keyboard button URL '{url}' is invalid: Wrong HTTP URL"
    BUTTON_COPY = 400, "Bad Request: BUTTON_COPY_TEXT_INVALID"
    BUTTON_STYLE = 400, "Bad Request: can't parse inline keyboard button: invalid button style specified"
    KEYBOARD_TOO_LONG = 400, "Bad Request: reply markup is too long"

    UPLOAD_TOO_LARGE = 413, "Request Entity Too Large"
    NO_FILE = 400, "Bad Request: there is no {kind} in the request"
    EMPTY_FILE = 400, "Bad Request: file must be non-empty"
    WRONG_FILE_ID = 400, "Bad Request: wrong file identifier/HTTP URL specified"
    NO_URL_CONTENT = 400, "Bad Request: failed to get HTTP URL content"
    INVALID_FILE_ID = 400, "Bad Request: invalid file_id"
    WRONG_FILE_KIND = 400, "Bad Request: can't use file of type {found} as {wanted}"
    FILE_TOO_BIG = 400, "Bad Request: file is too big"
    IMAGE_FAILED = 400, "Bad Request: IMAGE_PROCESS_FAILED"
    PHOTO_DIMENSIONS = 400, "Bad Request: PHOTO_INVALID_DIMENSIONS"
    ALBUM_SIZE = 400, "Bad Request: there must be 2-10 items to send as an album"
    ALBUM_MIX = 400, "Bad Request: document can't be mixed with other media types"
    BAD_MEDIA = 400, "Bad Request: can't parse InputMedia: {why}"

    COMMAND_INVALID = 400, "Bad Request: BOT_COMMAND_INVALID"
    COMMAND_DESCRIPTION = 400, "Bad Request: BOT_COMMAND_DESCRIPTION_INVALID"
    TOO_MANY_COMMANDS = 400, "Bad Request: BOT_COMMANDS_TOO_MUCH"
    BAD_SCOPE = 400, "Bad Request: can't parse BotCommandScope: {why}"
    LANGUAGE_INVALID = 400, "Bad Request: LANG_CODE_INVALID"
    PROFILE_TOO_LONG = 400, "Bad Request: {field} is too long"

    @property
    def code(self) -> int:
        return int(self.value[0])

    def words(self, **details: object) -> str:
        return str(self.value[1]).format(**details)


class Refused(Exception):
    """A call that Telegram would refuse; carries what goes back to the bot."""

    def __init__(self, refusal: Refusal, *, retry_after: int | None = None, **details: object) -> None:
        self.refusal = refusal
        self.retry_after = retry_after
        self.description = refusal.words(retry_after=retry_after, **details)
        super().__init__(self.description)

    def body(self) -> dict[str, object]:
        answer: dict[str, object] = {
            "ok": False,
            "error_code": self.refusal.code,
            "description": self.description,
        }
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer
