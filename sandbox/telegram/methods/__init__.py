"""All methods that the sandbox answers, by lower-case name; any other is refused as unknown."""

from sandbox.telegram.call import Method
from sandbox.telegram.methods import bots, callbacks, chats, edits, media, messages, updates

METHODS: dict[str, Method] = {
    **bots.METHODS,
    **callbacks.METHODS,
    **chats.METHODS,
    **edits.METHODS,
    **media.METHODS,
    **messages.METHODS,
    **updates.METHODS,
}
