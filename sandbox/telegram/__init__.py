"""A strict local Telegram: the Bot API over HTTP for bots, a chat for people; it must never be kinder to a bot than Telegram is."""
