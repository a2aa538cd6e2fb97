"""Where curators write calls and managers approve them."""
