// An excerpt, verified from the file and a policy alone (docs/spec/evidence.md, E2.6 to E2.12).
import { findLatest } from './bounds.js'
import { sha256 } from './digests.js'
import { MOST_PIECES, SALT, readExcerpt } from './excerpt-form.js'
import { findSuccession, readStatement } from './export.js'
import { Failure } from './failure.js'
import { at, readPath, readRecordKey, verifyHeads } from './heads.js'
import { hashLeaf, verifyPath, verifyRange } from './merkle.js'
import { encode, fromLatin1, join, toHex } from './octets.js'
import { readPolicy } from './policy.js'
import { findBlinding, readReceipt } from './receipts.js'
import { buildLeaf, checkClaims, readDisclosed, verifyRecordKey } from './sdjwt.js'
import { isIdentifier, isText, isWhole } from './spelling.js'

const SHOWN = ['act', 'act.exhibit', 'act.form', 'act.pieces', 'act.tree']
const FORMS = ['bytes', 'flac', 'matroska', 'messages', 'pages']
const HEADED = ['flac', 'matroska']
const EVENLY = ['bytes', ...HEADED]
const EVEN = 65_536

// What an excerpt shows. Throws a Failure that names the member and what is broken in it.
export async function verifyExcerpt(bytes, policy = null) {
  const { said, leaves } = readExcerpt(bytes)
  return new ExcerptCheck(said, leaves, policy === null ? null : await readPolicy(policy)).run()
}

// How an answer lies to an excerpt: before, after, overlap or gap, and the pieces between (E2.12).
export function adjoin(one, answer) {
  if (['organisation', 'exhibit', 'form', 'of', 'tree'].some((name) => one[name] !== answer[name])) {
    throw new Failure('excerpt.other-exhibit', 'two excerpts of two exhibits', 'answer')
  }
  const [inner, outer] = [Math.min(one.until, answer.until), Math.max(one.first, answer.first)]
  const between = { first: Math.min(inner, outer), until: Math.max(inner, outer) }
  if (inner < outer) return { relation: 'gap', ...between }
  if (inner > outer) return { relation: 'overlap', ...between }
  return { relation: answer.until === one.first ? 'before' : 'after', ...between }
}

class ExcerptCheck {
  constructor(said, leaves, trust) {
    this.said = said
    this.leaves = leaves
    this.trust = trust
    this.taken = new Set()
  }

  async run() {
    const { said } = this
    if (!isIdentifier(said.get('organisation'))) throw new Failure('form', 'not an identifier', 'organisation')
    await this.verifyHeads()
    const key = await at('record_key', () => this.verifyKey())
    const follows = []
    for (const [place, one] of said.get('successions').entries()) {
      follows.push(await at(`successions/${place}`, () => this.verifySuccession(one)))
    }
    const claims = await at('entry', () => this.verifyEntry(key))
    await at('ranges', () => checkPlaces(said.get('ranges'), claims.get('act.form')))
    for (const [place, one] of said.get('ranges').entries()) {
      await at(`ranges/${place}`, () => verifyPieces(one, this.leaves[place], claims))
    }
    const pieces = this.leaves.at(-1).map((leaf) => leaf.subarray(SALT))
    const first = said.get('ranges').at(-1).get('first')
    return {
      organisation: said.get('organisation'),
      exhibit: claims.get('act.exhibit'),
      form: claims.get('act.form'),
      of: claims.get('act.pieces'),
      tree: claims.get('act.tree'),
      first,
      until: first + pieces.length,
      offset: EVENLY.includes(claims.get('act.form')) ? first * EVEN : null,
      size: pieces.reduce((sum, one) => sum + one.length, 0),
      digest: toHex(await sha256(join(...pieces))),
      pieces,
      hasHeader: this.leaves.length > 1,
      index: this.receipt.index,
      head: this.head,
      isOwnPolicy: this.trust === null,
      signers: this.signers,
      recorded: findLatest([...this.older, this.own], this.receipt.index),
      follows,
      unchecked: [...this.unchecked],
    }
  }

  // Step 2 (E2.7).
  async verifyHeads() {
    const read = () => (this.receipt = readReceipt(encode(this.said.get('receipt')))).note
    Object.assign(this, await verifyHeads(this.said, this.trust, { where: 'receipt', family: 'excerpt', read }))
  }

  // Step 3 (E2.8).
  async verifyKey() {
    return readRecordKey(await this.verifyStatement(this.said.get('record_key')), this.said.get('organisation'))
  }

  async verifySuccession(one) {
    const [told] = findSuccession(await this.verifyStatement(one))
    if (!told || told.carried > told.size) throw new Failure('statement.form', 'no succession is stated')
    return told
  }

  async verifyStatement(one) {
    const leaf = join([3], encode(one.get('statement')))
    const statement = readStatement(leaf)
    const index = BigInt(one.get('index'))
    await verifyPath({ index, path: readPath(one.get('path')) }, this.head, await hashLeaf(leaf))
    this.take(index)
    return statement
  }

  take(index) {
    if (this.taken.has(index)) throw new Failure('receipt.index', 'two members are the same leaf of the log')
    this.taken.add(index)
  }

  // Step 4 (E2.9).
  async verifyEntry(key) {
    const entry = await readDisclosed(encode(this.said.get('entry')))
    await verifyPath(this.receipt, this.head, await hashLeaf(await buildLeaf(entry, findBlinding(this.receipt))))
    this.take(this.receipt.index)
    if (entry.kid !== key.kid || BigInt(this.said.get('record_key').get('index')) >= this.receipt.index) {
      throw new Failure('entry.key', 'an entry of a record key that was not published before')
    }
    await verifyRecordKey(entry, key.octets)
    const names = [...entry.claims.keys()]
    if (names.length !== SHOWN.length || SHOWN.some((one, place) => names[place] !== one)) {
      throw new Failure('excerpt.claims', 'an entry that shows more, less, or in another order')
    }
    checkClaims(entry.claims)
    checkLodging(SHOWN.map((one) => entry.claims.get(one)))
    return entry.claims
  }
}

function checkLodging([act, exhibit, form, count, tree]) {
  const isCut = FORMS.includes(form) && isWhole(count) && count >= 1 && count <= MOST_PIECES
  if (!act.startsWith('exhibit.lodged/') || !isText(exhibit) || !isCut || !isText(tree)) {
    throw new Failure('excerpt.lodging', 'an entry that lodges no exhibit that was cut into pieces')
  }
  if (!isIdentifier(exhibit)) throw new Failure('form', 'not an identifier')
  if (!/^[0-9a-f]{64}$/.test(tree)) throw new Failure('excerpt.lodging', 'an entry that names no root')
}

// One range, and before it piece 0 by itself where the form needs it and the range lacks it (E2.10).
function checkPlaces(ranges, form) {
  const [head, range] = ranges
  const isAlone = !HEADED.includes(form) || head.get('first') === 0
  const isHeaded =
    range && HEADED.includes(form) && head.get('first') === 0 && head.get('lengths').length === 1 && range.get('first') >= 2
  if (!(range ? isHeaded : isAlone)) throw new Failure('excerpt.ranges', 'other pieces than one range and what it needs')
}

async function verifyPieces(range, leaves, claims) {
  const [first, count, form] = [range.get('first'), claims.get('act.pieces'), claims.get('act.form')]
  // Not all at once: each hash copies its piece.
  const hashes = []
  for (const leaf of leaves) hashes.push(await hashLeaf(leaf))
  const root = fromLatin1(claims.get('act.tree').replace(/../g, (one) => String.fromCharCode(parseInt(one, 16))))
  await verifyRange({ first, hashes, size: count, proof: readPath(range.get('proof')), root })
  if (!EVENLY.includes(form)) return
  const isFull = (length, number) => (number < count - 1 ? length === EVEN : length <= EVEN && (length > 0 || count === 1))
  if (!range.get('lengths').every((length, place) => isFull(length, first + place))) {
    throw new Failure('excerpt.lengths', 'a piece of another length than pieces of this form have')
  }
}
