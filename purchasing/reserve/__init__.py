"""Reserving: preview, consent, one checkout after another through the ledger. Nothing here sends an effect twice."""
