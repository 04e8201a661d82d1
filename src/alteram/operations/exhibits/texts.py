"""The text of an exhibit: what is read, searched, and in which words are marked. Pages are set apart by a form feed."""

from typing import Final

from alteram.operations.exhibits.stored import StoredExhibit

#: Between two pages, or two messages, of a text.
BREAK: Final = "\f"
#: A text file is shown up to so many bytes.
MAX_TEXT: Final = 4 << 20


def read_text(stored: StoredExhibit) -> str:
    """Return the text of an exhibit as programs found it when it was lodged; empty where there is none.

    What was typed by hand, such as a transcript, is its own text. Raises: StoreError, VaultError.
    """
    texts = stored.read_facts().get("texts")
    if isinstance(texts, list):
        return BREAK.join(str(one) for one in texts)
    if not (stored.event.act.media or "").startswith("text/") or "original" not in stored.files:
        return ""
    original = stored.get("original")
    content = original.read_range(0, MAX_TEXT) if original.find_size() > MAX_TEXT else b"".join(original.read())
    return content.decode("utf-8", "replace").replace("\r\n", "\n")
