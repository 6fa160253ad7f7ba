"""A strict local Telegram: the Bot API for bots, a chat for people. Must never be kinder to a bot than Telegram is."""
