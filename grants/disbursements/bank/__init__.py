"""Bank accounts of organisations: entered by their signatory, verified by somebody else, versioned."""
