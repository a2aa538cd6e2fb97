"""Who there is: municipalities, the programme, organisations, accounts and their roles."""
