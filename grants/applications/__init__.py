"""An organisation's answer to a call."""
