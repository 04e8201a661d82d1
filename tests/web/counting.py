"""How often a page asks the two databases."""

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from alteram.adapters.db import SqlStore
from alteram.bootstrap import Opened


def count_queries(client: Client, opened: Opened, address: str) -> tuple[int, int]:
    """Return how often a page asks the accounts and the record, once it was looked at before."""
    store = opened.organisation.ports.store
    assert isinstance(store, SqlStore)
    client.get(address)
    before = store.statements
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries), store.statements - before
