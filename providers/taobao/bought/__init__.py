"""The bought list in each of its shapes, as orders. Pure functions of what was read; no page is touched here."""
