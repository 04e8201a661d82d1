// A certificate, verified from the file and a policy alone (certificate section 4, steps 1 to 6).
import { findLatest } from './bounds.js'
import { sha256, verifyEd25519 } from './digests.js'
import { ORDER, checkMembers } from './certificate-form.js'
import { readStatement } from './export.js'
import { Failure } from './failure.js'
import { at, readPath, readRecordKey, verifyHeads } from './heads.js'
import { hashLeaf, verifyPath } from './merkle.js'
import { readNote } from './notes.js'
import { areSorted, encode, join, pad, toHex } from './octets.js'
import { readPolicy } from './policy.js'
import { findInstant, isIdentifier, isText, readBase64url, readJson, writeJson } from './spelling.js'

const FORMAT = 'alteram-certificate/1'
const LARGEST = 4 << 20
const WORDS = ['id', 'title', 'clause', 'source', 'status']

// What a certificate shows. Throws a Failure that names the member and what is broken in it.
export async function verifyCertificate(bytes, policy = null) {
  const { said, signature } = readCertificate(bytes)
  const digest = toHex(await sha256(bytes))
  return new CertificateCheck(said, policy === null ? null : await readPolicy(policy)).run(signature, digest)
}

// Step 1 (C1.1, C2.1).
function readCertificate(bytes) {
  if (bytes.length > LARGEST) throw new Failure('certificate.too-large', 'a certificate of more than 4 MiB')
  const file = readJson(bytes, LARGEST, 'certificate.form')
  const said = file instanceof Map ? file.get('certificate') : null
  const version = said instanceof Map ? said.get('format') : null
  if (isText(version) && version !== FORMAT) throw new Failure('certificate.format', 'a format that is not known here')
  checkMembers(said)
  const text = file.get('signature')
  if (file.size !== 2 || !isText(text) || text.length !== 86) {
    throw new Failure('certificate.form', 'not a certificate and its signature')
  }
  try {
    return { said, signature: readBase64url(text) }
  } catch {
    throw new Failure('certificate.form', 'a signature that is not spelt as it must be')
  }
}

const isSame = (one, other) => one.length === other.length && one.every((each, place) => each === other[place])
const isIncreasing = (numbers) => numbers.every((one, place) => place === 0 || numbers[place - 1] < one)

class CertificateCheck {
  constructor(said, trust) {
    this.said = said
    this.trust = trust
    this.taken = new Set()
  }

  async run(signature, digest) {
    const { said } = this
    if (!isIdentifier(said.get('organisation'))) throw new Failure('form', 'not an identifier', 'organisation')
    if (findInstant(said.get('as_of')) === null) throw new Failure('form', 'not an instant', 'as_of')
    await this.verifyHeads()
    const key = await at('record_key', () => this.verifyKey())
    const message = join(pad('alteram/certificate/v1'), encode(writeJson(said)))
    if (!(await verifyEd25519(key.octets, signature, message))) {
      throw new Failure('certificate.signature', 'not signed by the record key', 'signature')
    }
    await this.verifyEntries()
    this.checkLines()
    this.checkWitnesses()
    await this.checkDocuments()
    return {
      said,
      digest,
      kid: key.kid,
      key: toHex(key.octets),
      head: this.head,
      isOwnPolicy: this.trust === null,
      signers: this.signers,
      earliest: this.own.earliest,
      recorded: this.findRecorded(),
      unchecked: [...this.unchecked],
    }
  }

  // Step 2 (C4.2).
  async verifyHeads() {
    const read = () => (this.note = readNote(encode(this.said.get('checkpoint'))))
    Object.assign(this, await verifyHeads(this.said, this.trust, { where: 'checkpoint', family: 'certificate', read }))
  }

  // Step 3 (C4.3).
  async verifyKey() {
    const published = this.said.get('record_key')
    const leaf = join([3], encode(published.get('statement')))
    const statement = readStatement(leaf)
    await this.place(published.get('index'), await hashLeaf(leaf), published.get('path'))
    return readRecordKey(statement, this.said.get('organisation'))
  }

  async place(index, leafHash, path) {
    await verifyPath({ index: BigInt(index), path: readPath(path) }, this.head, leafHash)
    if (this.taken.has(index)) throw new Failure('receipt.index', 'two members are the same leaf of the log')
    this.taken.add(index)
  }

  placeEntry(one) {
    return this.place(one.get('index'), readBase64url(one.get('leaf')), one.get('path'))
  }

  // Step 5 (C4.5).
  async verifyEntries() {
    const entries = this.said.get('entries')
    for (const one of entries) await at(`entries/${one.get('seq')}`, () => this.placeEntry(one))
    await at('organisation_entry', () => this.placeEntry(this.said.get('organisation_entry')))
    const seqs = entries.map((one) => one.get('seq'))
    const isWhole = seqs.length && seqs[0] === 0 && seqs.at(-1) === this.said.get('matter').get('entries') - 1
    if (!isWhole || !isIncreasing(seqs) || !isIncreasing(entries.map((one) => one.get('index')))) {
      throw new Failure('certificate.entries', 'entries that are not those of a stream', 'entries')
    }
    this.shown = new Set(seqs)
  }

  // Step 6 (C4.6).
  checkLines() {
    const rules = this.said.get('rules')
    const digests = rules.map((one) => one.get('digest'))
    const isOneBook = rules.map((one) => one.get('kind') === 'rulebook').every((one, place) => one === (place === 0))
    const packs = digests.slice(1)
    if (!rules.length || !isOneBook || !isIncreasing(packs) || packs.includes(digests[0])) {
      throw new Failure('certificate.rules', 'not one rulebook and then packs in order', 'rules')
    }
    this.kinds = new Map(rules.map((one) => [one.get('digest'), one.get('kind')]))
    this.checkGroup('requirements', ['rulebook', 'pack'])
    this.checkGroup('results', ['pack', 'built-on'])
    const matter = this.said.get('matter')
    const named = [...matter.get('alleged'), ...this.said.get('departures').map((one) => one.get('entry'))]
    if (!named.every((one) => this.shown.has(one))) {
      throw new Failure('certificate.entries', 'an entry without its proof', 'matter')
    }
    if (['signed', 'destroyed', 'asserted'].some((one) => matter.get(one) > matter.get('entries'))) {
      throw new Failure('certificate.counts', 'more is counted than there are entries', 'matter')
    }
  }

  checkGroup(where, allowed) {
    const lines = this.said.get(where)
    const ranks = lines.map((one) => ORDER.indexOf(one.get('result')))
    if (ranks.some((one, place) => place && ranks[place - 1] > one)) {
      throw new Failure('certificate.order', 'what is not known does not come first', where)
    }
    if (!lines.every((one) => allowed.includes(this.kinds.get(one.get('by'))))) {
      throw new Failure('certificate.rules', 'a line of rules that are not named', where)
    }
    if (new Set(lines.map((one) => `${one.get('by')} ${one.get('id')}`)).size < lines.length) {
      throw new Failure('certificate.twice', 'two lines on one requirement', where)
    }
    for (const one of lines) this.checkLine(one, `${where}/${one.get('id')}`)
  }

  checkLine(one, where) {
    const entries = one.get('entries')
    if (!isIncreasing(entries) || !entries.every((seq) => this.shown.has(seq))) {
      throw new Failure('certificate.entries', 'an entry without its proof', where)
    }
    if (one.get('signed') > entries.length || (one.get('elsewhere') && entries.length)) {
      throw new Failure('certificate.counts', 'counts that do not fit the entries', where)
    }
    const isPass = one.get('result') === 'PASS'
    if (one.get('uncontradicted') && !isPass) {
      throw new Failure('certificate.silence', 'only a PASS can be merely not contradicted', where)
    }
    if (isPass && !entries.length && !one.get('uncontradicted') && !one.get('elsewhere')) {
      throw new Failure('certificate.silence', 'a PASS that rests on nothing', where)
    }
  }

  checkWitnesses() {
    const names = this.said.get('witnesses').map((one) => one.get('name'))
    const signed = new Set(this.note.lines.map((one) => one.name).filter((one) => one !== this.head.origin))
    if (names.length !== signed.size || !names.every((one) => signed.has(one)) || !areSorted(names)) {
      throw new Failure('certificate.witnesses', 'other witnesses than those who signed the checkpoint', 'witnesses')
    }
  }

  async checkDocuments() {
    const found = []
    for (const [place, one] of this.said.get('rules').entries()) {
      const bytes = encode(one.get('text'))
      if (!bytes.length) continue
      if (toHex(await sha256(bytes)) !== one.get('digest')) {
        throw new Failure('rulebook.digest', 'not the rules of this digest', `rules/${place}`)
      }
      found.push([place, one])
    }
    for (const [place, one] of found) await at(`rules/${place}`, () => checkDocument(this.said, one))
  }

  findRecorded() {
    const bounds = this.said.get('entries').map((one) => findLatest([...this.older, this.own], BigInt(one.get('index'))))
    return bounds.reduce((last, one) => (one && (!last || one.time > last.time) ? one : last), null)
  }
}

// Its lines are what the document demands, in its words (C4.8).
function checkDocument(said, rules) {
  const book = toMap(parse(rules.get('text')))
  if (book === null) throw new Failure('certificate.rules', 'rules that are no object')
  if (['id', 'title', 'version', 'as_of'].some((one) => (book.get(one) ?? '') !== rules.get(one))) {
    throw new Failure('certificate.rules', 'rules that are called otherwise')
  }
  const demands = rules.get('kind') === 'built-on' ? [] : book.get('demands')
  const results = rules.get('kind') === 'rulebook' ? [] : book.get('results')
  compare(said.get('requirements'), rules.get('digest'), demands, [...WORDS, 'guarantee', 'pack'])
  compare(said.get('results'), rules.get('digest'), results, WORDS)
}

function parse(text) {
  try {
    return JSON.parse(text)
  } catch {
    throw new Failure('certificate.rules', 'rules that are not JSON')
  }
}

const toMap = (value) =>
  value !== null && typeof value === 'object' && !Array.isArray(value) ? new Map(Object.entries(value)) : null

function compare(lines, digest, asked, names) {
  const listed = Array.isArray(asked) ? asked.map(toMap).filter((one) => one !== null) : []
  const spell = (one) => JSON.stringify(names.map((name) => String(one.get(name) ?? (name === 'status' ? 'G' : ''))))
  const said = lines.filter((one) => one.get('by') === digest).map(spell).sort()
  if (!isSame(said, listed.map(spell).sort())) {
    throw new Failure('certificate.requirements', 'lines that are not what the rules demand')
  }
}
