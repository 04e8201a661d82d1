// What is disclosed of an entry: its JWT, the disclosures, the claims, the author's signature (record R2, R3).
import { sha256, isSmallOrder, verifyEd25519 } from './digests.js'
import { Failure } from './failure.js'
import { areSorted, encode, isAscii, join, pad, toLatin1 } from './octets.js'
import { checkPasskey, readPasskeyClaim, verifyPasskey } from './passkeys.js'
import { findInstant, hasExactly, isIdentifier, isText, isWhole } from './spelling.js'
import { readBase64url, readJson, writeBase64url } from './spelling.js'

const LARGEST = 4 << 20
const LAST_SEQ = 99_999_999
const COUNTS = [16, 32, 64, 128, 256]
const RESERVED = ['_sd', '_sd_alg', '...']
// Claims that an author cannot know, or does not sign.
const UNSIGNED = ['seq', 'prev', 'seen', 'reads', 'ruling', 'fields', 'author']

// An entry as it is shown, every disclosure checked, no signature verified (R3.5).
export async function readDisclosed(bytes) {
  if (bytes.length > LARGEST) throw new Failure('presentation.too-large', 'more than 4 MiB')
  if (!isAscii(bytes) || bytes.at(-1) !== 0x7e) {
    throw new Failure('presentation.form', 'not a JWT and disclosures, each followed by a tilde')
  }
  const [jwt, ...encoded] = toLatin1(bytes.subarray(0, -1)).split('~')
  const { kid, digests } = readJwt(jwt)
  const claims = new Map()
  const digestOf = new Map()
  const used = new Set()
  for (const one of encoded) {
    const { name, value } = readDisclosure(one)
    const digest = writeBase64url(await sha256(encode(one)))
    if (!digests.has(digest) || used.has(digest)) {
      throw new Failure('presentation.digest', 'a disclosure that the entry does not commit to, or that stands twice')
    }
    if (claims.has(name)) throw new Failure('presentation.name', 'a claim that is disclosed twice')
    claims.set(name, value)
    digestOf.set(name, digest)
    used.add(digest)
  }
  return { jwt, kid, digests, claims, digestOf }
}

function readJwt(jwt) {
  const parts = jwt.split('.')
  if (parts.length !== 3) throw new Failure('jwt.form', 'a JWT has three parts')
  const [header, payload] = parts.slice(0, 2).map((part) => readJson(readBase64url(part), LARGEST, 'jwt.form'))
  if (readBase64url(parts[2]).length !== 64) throw new Failure('jwt.form', 'a signature of another length')
  const isHeader = hasExactly(header, 'alg', 'kid', 'typ') && header.get('alg') === 'EdDSA'
  if (!isHeader || !isText(header.get('kid')) || header.get('typ') !== 'alteram-entry+sd-jwt') {
    throw new Failure('jwt.form', "a header that is not an entry's")
  }
  const digests = hasExactly(payload, '_sd', '_sd_alg') ? payload.get('_sd') : null
  if (!Array.isArray(digests) || payload.get('_sd_alg') !== 'sha-256') {
    throw new Failure('jwt.form', "a payload that is not an entry's")
  }
  if (!digests.every(isText)) throw new Failure('jwt.form', 'a digest that is not text')
  if (!COUNTS.includes(digests.length) || !areSorted(digests)) {
    throw new Failure('jwt.digests', 'digests that are not sorted, not unique, or not padded')
  }
  return { kid: header.get('kid'), digests: new Set(digests) }
}

function readDisclosure(encoded) {
  const parts = readJson(readBase64url(encoded), LARGEST, 'disclosure.form')
  if (!Array.isArray(parts) || parts.length !== 3 || !isText(parts[0]) || !isText(parts[1])) {
    throw new Failure('disclosure.form', 'a disclosure is a salt, a name and a value')
  }
  const [salt, name, value] = parts
  if (RESERVED.includes(name)) throw new Failure('disclosure.form', 'a disclosure is a salt, a name and a value')
  if (readBase64url(salt).length < 16) throw new Failure('disclosure.salt', 'a salt that is too short')
  return { name, value }
}

// The record key's signature (R3.4).
export async function verifyRecordKey(entry, key) {
  const dot = entry.jwt.lastIndexOf('.')
  const signature = readBase64url(entry.jwt.slice(dot + 1))
  if (!(await verifyEd25519(key, signature, encode(entry.jwt.slice(0, dot))))) {
    throw new Failure('jwt.signature', "the record key's signature does not verify")
  }
}

// The leaf that stands in the log for an entry (R4.3).
export async function buildLeaf(entry, blinding) {
  const commitment = await sha256(join(pad('alteram/entry-commitment/v1'), blinding, encode(entry.jwt)))
  return join([1], commitment)
}

// The form of every claim that is known and disclosed (R3.7).
export function checkClaims(claims) {
  for (const [name, value] of claims) {
    if (FORMS.has(name) && !FORMS.get(name)(value)) {
      throw new Failure('entry.form', `the claim ${name} is malformed`)
    }
  }
  const listed = claims.has('fields') ? new Set(claims.get('fields')) : null
  if (listed && ![...claims.keys()].every((name) => listed.has(name))) {
    throw new Failure('entry.fields', 'a claim is disclosed that the entry does not list')
  }
}

const isNull = (value) => value === null
const isHash = (value) => isText(value) && /^[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]$/.test(value)
const isSeq = (value) => isWhole(value) && value <= LAST_SEQ
const isNames = (value) => Array.isArray(value) && value.every(isText) && areSorted(value)
const isRead = (one) => Array.isArray(one) && one.length === 2 && isIdentifier(one[0]) && isSeq(one[1])

function isSeen(value) {
  if (value === null) return true
  if (!hasExactly(value, 'origin', 'root', 'size')) return false
  return isText(value.get('origin')) && isHash(value.get('root')) && isWhole(value.get('size'))
}

function isAttachment(one) {
  if (!hasExactly(one, 'sha256', 'size') || !isText(one.get('sha256'))) return false
  return /^[0-9a-f]{64}$/.test(one.get('sha256')) && isWhole(one.get('size'))
}

const FORMS = new Map([
  ['stream', isIdentifier],
  ['seq', isSeq],
  ['prev', (value) => isNull(value) || isHash(value)],
  ['seen', isSeen],
  ['reads', (value) => Array.isArray(value) && value.every(isRead)],
  ['ruling', (value) => value instanceof Map],
  ['act', (value) => isText(value) && /^[a-z0-9]+(?:[.-][a-z0-9]+)*\/[1-9][0-9]{0,3}$/.test(value)],
  ['actor', (value) => isNull(value) || isIdentifier(value)],
  ['at', (value) => findInstant(value) !== null],
  ['reported', (value) => isNull(value) || value instanceof Map],
  ['attachments', (value) => Array.isArray(value) && value.every(isAttachment)],
  ['fields', isNames],
])

// What is known of the author's signature: verified, passkey (verified too), withheld, or unchecked (R3.8, R3.9).
export async function verifyAuthor(entry) {
  if (!entry.claims.has('author')) return 'withheld'
  const author = entry.claims.get('author')
  const get = (name) => (author instanceof Map ? author.get(name) : undefined)
  if (get('scheme') === 'webauthn') {
    const parts = readPasskeyClaim(author)
    await checkPasskey(parts.key)
    await verifyPasskey(parts, await readCovers(entry, author.get('covers')))
    return 'passkey'
  }
  if (isText(get('scheme')) && get('scheme') !== 'ed25519') return 'unchecked'
  const covers = get('covers')
  if (get('scheme') !== 'ed25519' || !isText(get('key')) || !isText(get('signature')) || !Array.isArray(covers)) {
    throw new Failure('author.form', "the author's signature is malformed")
  }
  const key = readBase64url(get('key'))
  if (key.length !== 32 || isSmallOrder(key)) {
    throw new Failure('author.key', "the author's key is none, or one that anybody could sign for")
  }
  const message = await readCovers(entry, covers)
  if (!(await verifyEd25519(key, readBase64url(get('signature')), message))) {
    throw new Failure('author.signature', "the author's signature does not verify")
  }
  return 'verified'
}

// The 32 bytes that the author signed.
async function readCovers(entry, covers) {
  if (!isNames(covers) || !covers.every((one) => entry.digests.has(one))) {
    throw new Failure('author.covers', "the author's signature covers something that is not in the entry")
  }
  const covered = new Set(covers)
  const signed = [...entry.digestOf].filter(([name]) => !UNSIGNED.includes(name))
  if (!signed.every(([, digest]) => covered.has(digest))) {
    throw new Failure('author.covers', 'a claim is disclosed that its author did not sign')
  }
  return sha256(join(pad('alteram/act/v1'), encode(covers.join('\n'))))
}
