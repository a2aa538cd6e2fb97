"""The shell every page stands in: layout, parts, forms, errors, static files."""
