// Receipts and consistency proofs as they are written: C2SP tlog-proof (record R5.9, R6.9).
import { Failure } from './failure.js'
import { LARGEST, NUMBER, readNote } from './notes.js'
import { findPair, isAscii, toLatin1 } from './octets.js'
import { readBase64 } from './spelling.js'

export const FIRST_LINE = 'c2sp.org/tlog-proof@v1'
const MOST_HASHES = 63

// A receipt, nothing in it verified. `notes` holds those read before: an export has the same one in every receipt.
export function readReceipt(bytes, notes = new Map()) {
  if (bytes.length > LARGEST) throw new Failure('proof.too-large', 'a receipt of more than 1 MiB')
  const cut = findPair(bytes, 10, 10)
  if (cut < 0 || !isAscii(bytes.subarray(0, cut))) {
    throw new Failure('proof.form', 'a receipt is a head, an empty line and a checkpoint')
  }
  const rows = toLatin1(bytes.subarray(0, cut)).split('\n')
  if (rows.shift() !== FIRST_LINE) throw new Failure('proof.form', 'a receipt of another kind')
  const extra = rows.length && rows[0].startsWith('extra ') ? readBase64(rows.shift().slice(6)) : null
  if (!rows.length || !rows[0].startsWith('index ') || !NUMBER.test(rows[0].slice(6))) {
    throw new Failure('proof.form', 'a receipt that does not name the index of its leaf')
  }
  const path = readRows(rows.slice(1))
  const signed = bytes.subarray(cut + 2)
  const name = toLatin1(signed)
  if (!notes.has(name)) notes.set(name, readNote(signed))
  return { index: BigInt(rows[0].slice(6)), path, note: notes.get(name), extra }
}

// The hashes of a consistency proof, a line each.
export function readHashes(bytes) {
  if (!isAscii(bytes) || (bytes.length && bytes.at(-1) !== 10)) {
    throw new Failure('proof.form', 'a consistency proof is a hash a line')
  }
  return readRows(toLatin1(bytes).split('\n').slice(0, -1))
}

function readRows(rows) {
  const hashes = rows.map((row) => readBase64(row))
  if (hashes.length > MOST_HASHES || hashes.some((one) => one.length !== 32)) {
    throw new Failure('proof.hash-size', 'a hash that is not 32 bytes, or too many')
  }
  return hashes
}

// The blinding of an entry, from its receipt (R5.9).
export function findBlinding(receipt) {
  const { extra } = receipt
  if (extra === null || extra.length !== 33 || extra[0] !== 1) {
    throw new Failure('receipt.extra', "a receipt without the entry's blinding")
  }
  return extra.subarray(1)
}
