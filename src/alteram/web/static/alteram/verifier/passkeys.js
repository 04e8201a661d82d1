// A passkey's assertion over the 32 bytes that an author signs (W3C Web Authentication; record R3.9).
import { sha256, isSmallOrder, verifyEd25519, verifyP256 } from './digests.js'
import { Failure } from './failure.js'
import { decode, encode, isEqual, join, toHex } from './octets.js'
import { isText, readBase64url, writeBase64url } from './spelling.js'

const HOST = /^(?:https:\/\/([a-z0-9.-]{1,253})(?::[1-9][0-9]{0,4})?|http:\/\/(localhost)(?::[1-9][0-9]{0,4})?)$/
const LARGEST = 2048

// The parts of a claim of this scheme.
export function readPasskeyClaim(author) {
  const names = ['key', 'authenticator_data', 'client_data', 'signature']
  if (!names.every((one) => isText(author.get(one))) || !Array.isArray(author.get('covers'))) {
    throw new Failure('author.form', "the author's signature is malformed")
  }
  const [key, data, collected, signature] = names.map((one) => readBase64url(author.get(one)))
  return { key: readCoseKey(key), data, collected, signature }
}

// The COSE key in one of its two spellings.
function readCoseKey(octets) {
  const at = (start, hex) => toHex(octets.subarray(start, start + hex.length / 2)) === hex
  if (octets.length === 42 && at(0, 'a4010103272006215820') && !isSmallOrder(octets.subarray(10))) {
    return { isEdwards: true, octets: octets.subarray(10) }
  }
  if (octets.length === 77 && at(0, 'a5010203262001215820') && at(42, '225820')) {
    return { isEdwards: false, octets: join([4], octets.subarray(10, 42), octets.subarray(45)) }
  }
  throw noKey()
}

const noKey = () => new Failure('author.key', 'a key that is none of a passkey, or one that anybody could sign for')

// Whether the key is a point of its curve; what Ed25519 makes of one that is not, its verification says.
export async function checkPasskey(key) {
  if (!key.isEdwards && (await verifyP256(key.octets, new Uint8Array(64), new Uint8Array())) === null) throw noKey()
}

// Verify that somebody was present and signed the message by the key.
export async function verifyPasskey({ key, data, collected, signature }, message) {
  const host = readCollected(collected, writeBase64url(message))
  if (data.length !== 37 || (data[32] & 0b1100_0001) !== 1) {
    throw new Failure('author.assertion', 'not an assertion of somebody who was there')
  }
  if (!isEqual(data.subarray(0, 32), await sha256(encode(host)))) {
    throw new Failure('author.assertion', 'a passkey of another site')
  }
  const signed = join(data, await sha256(collected))
  const plain = key.isEdwards ? signature : readDer(signature)
  const verify = key.isEdwards ? verifyEd25519 : verifyP256
  if (plain === null || !(await verify(key.octets, plain, signed))) {
    throw new Failure('author.signature', "the author's signature does not verify")
  }
}

// The host of the page that asked.
function readCollected(collected, challenge) {
  const told = readFlat(collected)
  if (told === null) throw new Failure('author.assertion', 'not what a browser collects')
  if (told.get('type') !== 'webauthn.get' || told.get('challenge') !== challenge) {
    throw new Failure('author.assertion', 'something else was signed')
  }
  const found = isText(told.get('origin')) ? HOST.exec(told.get('origin')) : null
  if (found === null || (told.has('crossOrigin') && told.get('crossOrigin') !== false)) {
    throw new Failure('author.assertion', 'not asked by a page of a site of its own')
  }
  return found[1] ?? found[2]
}

// A JSON object of texts and booleans without a name twice, or null. JSON.parse keeps the last of two: colons tell.
function readFlat(octets) {
  if (octets.length > LARGEST) return null
  let text, value
  try {
    text = decode(octets, 'author.assertion', 'not UTF-8')
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null
  const found = new Map(Object.entries(value))
  const colons = text.replace(/"(?:[^"\\]|\\[^])*"/g, '').split(':').length - 1
  const isFlat = [...found.values()].every((one) => isText(one) || typeof one === 'boolean')
  return isFlat && colons === found.size ? found : null
}

// The 64 bytes of an ECDSA signature that is spelt in DER, or null.
function readDer(der) {
  if (der[0] !== 0x30 || der[1] !== der.length - 2 || der.length > 72) return null
  const first = readInteger(der.subarray(2))
  const second = first && readInteger(der.subarray(2 + first.length))
  if (!second || 2 + first.length + second.length !== der.length) return null
  return join(first.padded, second.padded)
}

// A whole number from 0 on in its shortest spelling, at most 32 bytes of it.
function readInteger(der) {
  const size = der[1]
  const octets = der.subarray(2, 2 + size)
  if (der[0] !== 2 || !size || octets.length !== size || octets[0] > 127) return null
  if (octets[0] === 0 && size > 1 && octets[1] < 128) return null
  const value = octets[0] === 0 ? octets.subarray(1) : octets
  if (value.length > 32) return null
  return { length: 2 + size, padded: join(new Uint8Array(32 - value.length), value) }
}
