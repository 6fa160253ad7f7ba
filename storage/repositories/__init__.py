"""One class for each port of `purchasing.ports`. They find and write; what may be done is decided by their callers."""
