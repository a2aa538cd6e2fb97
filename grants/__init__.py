"""From open call to closed grant."""
