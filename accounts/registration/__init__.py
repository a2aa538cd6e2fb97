"""An organisation registers itself."""
