"""Order files as people's spreadsheets really write them. Parsing happens only in a limited process of its own."""
