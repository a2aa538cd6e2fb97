"""Bank accounts, tranches with their conditions, and the ledger."""
