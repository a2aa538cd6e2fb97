"""For those who give the money and those who check: every number opens the list it adds up."""
