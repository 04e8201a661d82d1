// Keys, signed notes, and the checkpoints that notes carry: C2SP signed-note, tlog-checkpoint (record R5).
import { sha256, isSmallOrder, verifyEd25519 } from './digests.js'
import { Failure } from './failure.js'
import { decode, encode, isEqual, join, toHex } from './octets.js'
import { readBase64 } from './spelling.js'

export const PLAIN = 0x01
export const COSIGNATURE = 0x04
export const MLDSA = 0x06
export const LARGEST = 1 << 20
export const NUMBER = /^(?:0|[1-9][0-9]{0,18})$/
const PUBLIC_SIZE = new Map([[PLAIN, 32], [COSIGNATURE, 32], [MLDSA, 1312]])
const SIGNATURE_SIZE = new Map([[PLAIN, 64], [COSIGNATURE, 72], [MLDSA, 2428]])
const MOST_SIGNATURES = 64
const NOT_IN_A_NAME =
  /[\u0000-\u0020+\u007f\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/

export function readName(name) {
  const length = [...name].length
  if (NOT_IN_A_NAME.test(name) || length < 1 || length > 255) {
    throw new Failure('note.name', "a key's name is empty, too long, or holds a space, a plus or a control character")
  }
  return name
}

// The key of a vkey. Two keys are the same where `identity` is.
export async function readKey(raw) {
  const text = decode(raw, 'note.name', "a key's name is not UTF-8")
  const pieces = /^([^+]*)\+([^+]*)\+([^]*)$/.exec(text)
  if (!pieces) throw new Failure('note.vkey', 'not a verifier key')
  const data = readBase64(pieces[3])
  if (!data.length || PUBLIC_SIZE.get(data[0]) !== data.length - 1) {
    throw new Failure('note.vkey', 'a key of an unknown type or length')
  }
  const key = { name: readName(pieces[1]), kind: data[0], public: data.subarray(1) }
  if (key.kind !== MLDSA && isSmallOrder(key.public)) throw new Failure('note.vkey', 'a key of small order')
  key.id = toHex((await sha256(join(encode(`${key.name}\n`), data))).subarray(0, 4))
  if (key.id !== pieces[2]) throw new Failure('note.vkey', "the key ID is not the key's")
  key.identity = `${key.name}+${toHex(data)}`
  return key
}

// A note, its signatures not verified (R5.1).
export function readNote(bytes) {
  if (bytes.length > LARGEST) throw new Failure('note.too-large', 'a note of more than 1 MiB')
  const whole = decode(bytes, 'note.utf-8', 'a note that is not UTF-8')
  if (/[\0-\x09\x0b-\x1f]/.test(whole)) throw new Failure('note.control', 'a note with a control character')
  const cut = whole.lastIndexOf('\n\n')
  if (cut < 1 || !whole.endsWith('\n') || cut + 2 >= whole.length) {
    throw new Failure('note.form', 'a note is text, an empty line and signature lines')
  }
  const rows = whole.slice(cut + 2, -1).split('\n')
  if (rows.length > MOST_SIGNATURES) throw new Failure('note.signatures', 'a note with too many signatures')
  const lines = rows.map(readLine)
  if (new Set(lines.map((one) => `${one.name}+${one.id}`)).size < lines.length) {
    throw new Failure('note.duplicate', 'a note that one key signs twice')
  }
  return { text: whole.slice(0, cut + 1), lines }
}

function readLine(row) {
  const items = row.split(' ')
  if (items.length !== 3 || items[0] !== '\u2014') throw new Failure('note.line', 'a malformed signature line')
  const data = readBase64(items[2])
  if (data.length < 5) throw new Failure('note.line', 'a signature that is too short')
  return { row, name: readName(items[1]), id: toHex(data.subarray(0, 4)), signature: data.subarray(4) }
}

// The time of a signature (0n where it has none), and whether it was verified: ML-DSA is not, here (R5.5).
export async function verifyLine(key, line, note) {
  const { signature } = line
  if (signature.length !== SIGNATURE_SIZE.get(key.kind)) {
    throw new Failure('note.signature', `a signature by ${key.name} of the wrong length`)
  }
  const view = new DataView(signature.buffer, signature.byteOffset)
  const time = key.kind === PLAIN ? 0n : view.getBigUint64(0)
  if (time >= 2n ** 63n) throw new Failure('note.time', `a signature by ${key.name} at an impossible time`)
  if (key.kind === MLDSA) {
    const origin = note.text.split('\n', 1)[0]
    if (encode(origin).length > 255 || encode(key.name).length > 255) {
      throw new Failure('note.checkpoint', 'a checkpoint that cannot be cosigned')
    }
    return { key, time, checked: false }
  }
  const before = key.kind === PLAIN ? '' : `cosignature/v1\ntime ${time}\n`
  if (!(await verifyEd25519(key.public, signature.subarray(-64), encode(before + note.text)))) {
    throw new Failure('note.signature', `the signature by ${key.name} does not verify`)
  }
  return { key, time, checked: true }
}

// The head that a checkpoint's text spells (R5.8).
export async function readHead(text) {
  const rows = text.split('\n')
  if (rows.length < 4 || rows.at(-1) || !rows.slice(0, -1).every(Boolean)) {
    throw new Failure('checkpoint.form', 'a checkpoint is an origin, a size and a root, a line each')
  }
  if (!NUMBER.test(rows[1]) || BigInt(rows[1]) >= 2n ** 63n) {
    throw new Failure('checkpoint.size', 'a size that is not a plain number')
  }
  const head = { origin: readName(rows[0]), size: BigInt(rows[1]), root: readBase64(rows[2]) }
  const isRootOfNothing = async () => isEqual(head.root, await sha256(new Uint8Array()))
  if (head.root.length !== 32 || (head.size === 0n && !(await isRootOfNothing()))) {
    throw new Failure('checkpoint.root', 'a root that is none')
  }
  return head
}
