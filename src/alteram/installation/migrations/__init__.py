"""Changes of the tables of accounts and jobs, in order."""
