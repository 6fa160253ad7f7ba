"""The purchasing desk itself: words, rules and use cases. Imports nothing of Telegram, SQL, browsers or schedulers."""
