"""The verifier that runs in the browser, asked from a test as the second verifier is."""

import hashlib
from base64 import b64encode
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

from conformance import receipts, trust
from conformance.disclosures import read_disclosed, verify_author
from conformance.failure import Failure
from tests.verdicts import Verdict

_ASK = """async ([module, name, args]) => {
  const found = await import(`/static/alteram/verifier/${module}.js`)
  const octets = (one) => one && one.octets !== undefined
    ? Uint8Array.from(atob(one.octets), (each) => each.charCodeAt(0)) : one
  const plain = (value) => {
    if (typeof value === 'bigint') return Number(value)
    if (value instanceof Uint8Array) return Array.from(value)
    if (value instanceof Map) return Object.fromEntries(Array.from(value, ([key, one]) => [key, plain(one)]))
    if (value instanceof Set) return [...value]
    if (Array.isArray(value)) return value.map(plain)
    if (value && typeof value === 'object') {
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, plain(one)]))
    }
    return value
  }
  const deep = (one) => one && typeof one === 'object' && one.octets === undefined && !Array.isArray(one)
    ? Object.fromEntries(Object.entries(one).map(([key, each]) => [key, deep(each)]))
    : Array.isArray(one) ? one.map(deep)
    : typeof one === 'string' && /^[0-9]+n$/.test(one) ? BigInt(one.slice(0, -1)) : octets(one)
  try {
    return { value: plain(await found[name](...args.map(deep))) }
  } catch (error) {
    if (error.name !== 'Failure') throw error
    return { code: error.code, where: error.where }
  }
}"""


def octets(data: bytes) -> dict[str, str]:
    """Return bytes as the page takes them."""
    return {"octets": b64encode(data).decode()}


def whole(number: int) -> str:
    """Return a number as the page takes a large one."""
    return f"{number}n"


_ASK_OF_AUTHOR = """async (presentation) => {
  const { readDisclosed, verifyAuthor } = await import('/static/alteram/verifier/sdjwt.js')
  try {
    return await verifyAuthor(await readDisclosed(new TextEncoder().encode(presentation)))
  } catch (error) {
    if (error.name !== 'Failure') throw error
    return error.code
  }
}"""
_SAID = {"verified by passkey": "passkey", "not checked": "unchecked"}


@dataclass(frozen=True, slots=True)
class BrowserVerifier:
    """The modules of the page, called by name."""

    page: Page

    def call(self, module: str, name: str, *arguments: Any) -> dict[str, Any]:
        """Return `value`, or the `code` and `where` of a failure. Anything else that is thrown fails the test."""
        answer: dict[str, Any] = self.page.evaluate(_ASK, [module, name, list(arguments)])
        return answer

    def ask(self, export: bytes, policy: bytes | None = None) -> Verdict:
        """Return the verdict on an export; what was not checked is no reason to refuse it."""
        answer = self.call("export", "verifyExport", octets(export), None if policy is None else octets(policy))
        return Verdict(False, answer["code"], answer["where"]) if "code" in answer else Verdict(True)

    def show(self, export: bytes, policy: bytes | None = None) -> dict[str, Any]:
        """Return what an export shows. It must verify."""
        answer = self.call("export", "verifyExport", octets(export), None if policy is None else octets(policy))
        assert "value" in answer, answer
        shown: dict[str, Any] = answer["value"]
        return shown

    def ask_of_author(self, presentation: str) -> str:
        """Return what is known of an author's signature, or the code of a failure."""
        said: str = self.page.evaluate(_ASK_OF_AUTHOR, presentation)
        return said

    def find_code(self, module: str, name: str, *arguments: Any) -> str | None:
        """Return the code of a failure; None where there is none."""
        return self.call(module, name, *arguments).get("code")


def find_policy_code(data: bytes) -> str | None:
    """Return what the second verifier says of a policy."""
    try:
        trust.read_policy(data)
    except Failure as failure:
        return failure.code
    return None


def ask_second_of_author(presentation: str) -> str:
    """Return what the second verifier knows of an author's signature, or the code of its failure."""
    try:
        said = verify_author(read_disclosed(presentation.encode()))
    except Failure as failure:
        return failure.code
    return _SAID.get(said, said)


def ask_second_of_receipt(receipt: bytes, policy: bytes, entry: bytes) -> str | None:
    """Return what the parts of the second verifier say of a receipt and its entry."""
    try:
        read = receipts.read_receipt(receipt, {})
        head = receipts.read_head(read.note.text)
        trust.read_policy(policy).verify(read.note, head.origin)
        extra = read.extra or b""
        if len(extra) != 33 or extra[:1] != b"\x01":
            return "receipt.extra"
        jwt = read_disclosed(entry).jwt.encode()
        blinded = b"alteram/entry-commitment/v1".ljust(32, b"\0") + extra[1:] + jwt
        leaf = b"\x01" + hashlib.sha256(blinded).digest()
        receipts.verify_path(read, head, receipts.hash_leaf(leaf))
    except Failure as failure:
        return failure.code
    return None
