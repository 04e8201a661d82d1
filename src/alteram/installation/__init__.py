"""One running server: its settings, its accounts, its jobs, and the organisations it serves.

Accounts, sessions and jobs are per installation and hold no content of any matter. Pages (`web`) and the API (`api`)
stand on this; it knows neither of them but by name.
"""
