// One stream of an export: its entries one after the other, each where the log says (record R7.5, R7.6).
import { findLatest, isBorneOut } from './bounds.js'
import { Failure } from './failure.js'
import { hashLeaf } from './merkle.js'
import { isEqual } from './octets.js'
import { findBlinding } from './receipts.js'
import { buildLeaf, checkClaims, readDisclosed, verifyAuthor, verifyRecordKey } from './sdjwt.js'
import { findInstant, readBase64url, writeBase64url } from './spelling.js'

export class StreamCheck {
  // `file` is the verification of the whole export.
  constructor(file, name) {
    this.file = file
    this.before = null
    this.result = { name, entries: [], isComplete: true, isClosed: false }
  }

  async verify(member) {
    const { file, result } = this
    const entry = await readDisclosed(await file.container.read(member))
    const receipt = await file.findReceipt(member)
    const leafHash = await hashLeaf(await buildLeaf(entry, findBlinding(receipt)))
    await file.place(receipt, leafHash)
    await this.verifyKey(entry, receipt.index)
    const { claims } = entry
    checkClaims(claims)
    const seen = this.findSeen(claims, receipt.index)
    const author = await verifyAuthor(entry)
    this.note(claims)
    const at = findInstant(claims.get('at'))
    const placed = { number: Number(member.slice(-15, -7)), index: receipt.index, leafHash, at }
    this.verifyLink(claims, placed)
    const notBefore = seen === null ? null : seen.earliest
    const notAfter = findLatest(file.dated, receipt.index)
    const all = claims.has('fields') ? claims.get('fields').length : entry.digests.size
    const isTimeBorneOut = isBorneOut(at, notBefore, notAfter)
    const told = { at: claims.get('at') ?? null, act: claims.get('act') ?? null, notBefore, notAfter, isTimeBorneOut }
    const counts = { disclosed: claims.size, withheld: all - claims.size, digests: entry.digests.size }
    result.entries.push({ number: placed.number, claims, author, ...counts, ...told })
    if (at === null && this.before !== null) placed.at = this.before.at
    this.before = placed
  }

  async verifyKey(entry, index) {
    const published = this.file.keys.get(entry.kid)
    if (!published || published.index >= index) {
      throw new Failure('entry.key', 'a record key that the log had not published before')
    }
    await verifyRecordKey(entry, published.key)
  }

  // The checkpoint that the entry says it has seen, where it is in the file.
  findSeen(claims, index) {
    const seen = claims.get('seen') ?? null
    if (seen === null || seen.get('origin') !== this.file.head.origin) return null
    if (BigInt(seen.get('size')) > index) {
      throw new Failure('entry.seen', 'the entry says it saw a checkpoint that already held it')
    }
    const known = this.file.older.get(BigInt(seen.get('size'))) ?? null
    if (known !== null && !isEqual(readBase64url(seen.get('root')), known.head.root)) {
      throw new Failure('entry.seen', 'the entry says it saw another checkpoint than the log signed')
    }
    return known
  }

  note(claims) {
    this.result.isClosed = (claims.get('act') ?? '').startsWith('matter.closed/')
    const rulebook = claims.get('ruling')?.get('rulebook')
    if (typeof rulebook === 'string') this.file.rulebooks.add(rulebook)
  }

  verifyLink(claims, entry) {
    const { before, result } = this
    const told = (name, otherwise) => (claims.has(name) ? claims.get(name) : otherwise)
    if (told('seq', entry.number) !== entry.number) {
      throw new Failure('stream.seq', `the entry says it is number ${claims.get('seq')}`)
    }
    if (told('stream', result.name) !== result.name) {
      throw new Failure('stream.name', 'the entry belongs to another stream')
    }
    if (before !== null && entry.index <= before.index) {
      throw new Failure('stream.order', 'the entry stands in the log before the one it follows')
    }
    const follows = entry.number === 0 || (before !== null && before.number === entry.number - 1)
    result.isComplete &&= follows && claims.has('prev') && claims.has('seq')
    const expected = before === null ? null : writeBase64url(before.leafHash)
    if (follows && told('prev', expected) !== expected) {
      throw new Failure('stream.prev', 'the entry does not follow the one before it')
    }
    if (before !== null && before.at !== null && entry.at !== null && entry.at < before.at) {
      throw new Failure('stream.time', 'time runs backwards')
    }
  }
}
