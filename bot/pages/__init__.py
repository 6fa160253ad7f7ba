"""The bot's own pages behind one-time links: a login's QR code, and the live view of the page that a login is at."""
