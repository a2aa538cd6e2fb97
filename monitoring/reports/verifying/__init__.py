"""The curator's side of a report: each value beside its evidence, each amount beside its receipts."""
