"""The ledger: every movement of money once, between two named accounts, never changed."""
