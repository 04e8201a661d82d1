"""DocumentStore: rulebooks and packs by their digest."""

import pytest

from alteram.operations.ports import Store, StoreError
from tests.contract.places import ORG, OTHER, Place


def test_a_document_is_returned_as_it_was_put(store: Store) -> None:
    data = bytes(range(256)) * 400
    store.put_document(ORG, "d1", data)
    assert store.get_document(ORG, "d1") == data


def test_a_document_put_again_stays_as_it_was_first(store: Store) -> None:
    store.put_document(ORG, "d1", b"first")
    store.put_document(ORG, "d1", b"other")
    assert store.get_document(ORG, "d1") == b"first"


def test_a_document_that_is_not_there_is_an_error_that_names_it(store: Store) -> None:
    with pytest.raises(StoreError, match="d404"):
        store.get_document(ORG, "d404")


def test_a_document_of_another_organisation_is_not_there(store: Store) -> None:
    store.put_document(OTHER, "d1", b"theirs")
    with pytest.raises(StoreError):
        store.get_document(ORG, "d1")


def test_a_document_outlives_the_process(database: Place) -> None:
    database.open().put_document(ORG, "d1", b"kept")
    database.close()
    assert database.open().get_document(ORG, "d1") == b"kept"
