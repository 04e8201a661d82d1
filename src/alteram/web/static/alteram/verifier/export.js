// An export, verified step by step (record R7). Every step that fails refuses the file and names the member.
import { dateHead } from './bounds.js'
import { isSmallOrder, sha256 } from './digests.js'
import { Failure } from './failure.js'
import { at, describeSigners } from './heads.js'
import { hashLeaf, verifyGrowth, verifyPath } from './merkle.js'
import { readHead, readNote } from './notes.js'
import { toHex } from './octets.js'
import { readPolicy } from './policy.js'
import { findBlinding, readHashes, readReceipt } from './receipts.js'
import { isIdentifier, isText, isWhole, readBase64url, readJson } from './spelling.js'
import { StreamCheck } from './stream.js'
import { Container } from './zip.js'

const FORMAT = 'alteram-export/1'

// What an export shows. Throws a Failure that names the member and what is broken in it.
// `policy`: the bytes of the visitor's own, or null for the one in the file. `tell(done, all)` is awaited now and then.
export async function verifyExport(bytes, policy = null, tell = async () => null) {
  return new ExportCheck(bytes, policy === null ? null : await readPolicy(policy), tell).run()
}

class ExportCheck {
  constructor(bytes, trust, tell) {
    this.container = new Container(bytes)
    this.trust = trust
    this.tell = tell
    this.keys = new Map()
    this.notes = new Map()
    this.taken = new Set()
    this.rulebooks = new Set()
    this.follows = []
    this.unchecked = new Set()
    this.done = 0
  }

  async run() {
    const manifest = await at('manifest.json', () => this.verifyManifest())
    this.organisation = manifest.get('organisation')
    const isOwnPolicy = this.trust === null
    const signed = await this.verifyCheckpoint()
    await this.verifyOlder()
    for (const name of this.container.under('statements/', '.leaf')) {
      await at(name, () => this.verifyStatement(name))
    }
    await this.verifyRest()
    const streams = []
    for (const name of [...manifest.get('streams').keys()].sort()) streams.push(await this.verifyStream(name))
    const present = await this.verifyRules()
    return {
      organisation: this.organisation,
      matter: manifest.get('matter'),
      head: this.head,
      isOwnPolicy,
      signers: describeSigners(signed, this.trust),
      quorum: this.trust.quorum,
      witnessed: signed.some((one) => this.trust.isWitness(one.key)),
      unchecked: [...this.unchecked],
      streams,
      absent: [...this.rulebooks].filter((one) => !present.has(one)).sort(),
      follows: this.follows,
    }
  }

  // Step 1 (R7.2).
  async verifyManifest() {
    const manifest = readJson(await this.container.read('manifest.json'), 1 << 20, 'form')
    const names = ['format', 'matter', 'organisation']
    if (!(manifest instanceof Map) || !names.every((one) => isText(manifest.get(one)))) {
      throw new Failure('manifest.form', 'not the manifest of an export')
    }
    if (manifest.get('format') !== FORMAT) throw new Failure('manifest.format', 'a format that is not known here')
    if (!isIdentifier(manifest.get('matter')) || !isIdentifier(manifest.get('organisation'))) {
      throw new Failure('form', 'a name that is no identifier')
    }
    const found = new Map()
    for (const name of this.container.under('streams/', '.sd-jwt')) {
      const stream = name.split('/')[1]
      found.set(stream, (found.get(stream) ?? 0) + 1)
    }
    const folders = new Set(this.container.under('streams/', '').map((name) => name.split('/')[1]))
    const told = manifest.get('streams')
    const isSame = told instanceof Map && told.size === found.size && folders.size === found.size
    if (!isSame || ![...told].every(([name, count]) => isWhole(count) && found.get(name) === count)) {
      throw new Failure('manifest.streams', 'an entry was removed from the file, or added to it')
    }
    if (!found.has(manifest.get('matter'))) {
      throw new Failure('manifest.streams', 'an entry was removed from the file, or added to it')
    }
    return manifest
  }

  // Step 2 (R7.3).
  async verifyCheckpoint() {
    const enclosed = await this.container.read('policy')
    this.trust ??= await at('policy', () => readPolicy(enclosed))
    return at('checkpoint', async () => {
      this.note = readNote(await this.container.read('checkpoint'))
      this.rows = new Set(this.note.lines.map((one) => one.row))
      this.head = await readHead(this.note.text)
      const signed = await this.trust.verify(this.note, this.head.origin)
      for (const one of this.trust.findUnchecked(signed, this.head.origin)) this.unchecked.add(one)
      this.own = dateHead(this.head, signed, this.trust)
      return signed
    })
  }

  // Step 2, the older checkpoints, which bound times.
  async verifyOlder() {
    this.older = new Map()
    for (const name of this.container.under('checkpoints/', '')) {
      if (name.endsWith('.consistency')) continue
      const dated = await at(name, () => this.readOlder(name))
      this.older.set(dated.head.size, dated)
    }
    this.dated = [...this.older.values(), this.own]
  }

  async readOlder(name) {
    const note = readNote(await this.container.read(name))
    const head = await readHead(note.text)
    if (head.origin !== this.head.origin) throw new Failure('checkpoint.origin', 'a checkpoint of another log')
    if (String(head.size).padStart(16, '0') !== name.slice('checkpoints/'.length)) {
      throw new Failure('checkpoint.name', `a checkpoint of size ${head.size}`)
    }
    const signed = await this.trust.verifyLog(note, head.origin)
    if (this.trust.findUnchecked(signed, head.origin).includes('log')) this.unchecked.add('older')
    const dated = dateHead(head, signed, this.trust)
    const proof = `${name}.consistency`
    await at(proof, async () => verifyGrowth(head, this.head, readHashes(await this.container.read(proof))))
    return dated
  }

  async findReceipt(name) {
    const where = `${name.slice(0, name.lastIndexOf('.'))}.tlog-proof`
    return at(where, async () => {
      const receipt = readReceipt(await this.container.read(where), this.notes)
      if (receipt.note.text !== this.note.text || !receipt.note.lines.every((one) => this.rows.has(one.row))) {
        throw new Failure('receipt.checkpoint', 'a receipt under another checkpoint')
      }
      if (where.startsWith('streams/')) findBlinding(receipt)
      return receipt
    })
  }

  async place(receipt, leafHash) {
    await verifyPath(receipt, this.head, leafHash)
    if (this.taken.has(receipt.index)) {
      throw new Failure('receipt.index', 'two members are the same leaf of the log')
    }
    this.taken.add(receipt.index)
  }

  // Step 3 (R7.4).
  async verifyStatement(name) {
    const leaf = await this.container.read(name)
    const statement = readStatement(leaf)
    const receipt = await this.findReceipt(name)
    await this.place(receipt, await hashLeaf(leaf))
    if (`${String(receipt.index).padStart(8, '0')}.leaf` !== name.split('/')[1]) {
      throw new Failure('statement.index', `the statement stands at ${receipt.index} in the log`)
    }
    if (statement.get('statement') === 'record-key') this.publish(statement, receipt.index)
    else this.follows.push(...findSuccession(statement))
  }

  publish(statement, index) {
    const [kid, key] = [statement.get('kid'), statement.get('key')]
    if (!isText(kid) || !kid || !isText(key)) throw new Failure('statement.form', 'no record key is published')
    const octets = readBase64url(key)
    if (octets.length !== 32 || isSmallOrder(octets)) {
      throw new Failure('statement.key', 'a record key that is none, or that anybody could sign for')
    }
    if (statement.has('organisation') && statement.get('organisation') !== this.organisation) {
      throw new Failure('statement.organisation', 'a record key of another organisation')
    }
    if (this.keys.has(kid)) {
      throw new Failure('statement.kid', 'a record key of this name was published already')
    }
    this.keys.set(kid, { index, key: octets })
  }

  // Step 1, what no other step reads.
  async verifyRest() {
    for (const name of this.container.names) {
      const dot = name.lastIndexOf('.')
      const [stem, ending] = [name.slice(0, Math.max(dot, 0)), name.slice(dot + 1)]
      const owner = ending === 'consistency' ? stem : `${stem}.${name.startsWith('statements/') ? 'leaf' : 'sd-jwt'}`
      if ((ending === 'tlog-proof' || ending === 'consistency') && !this.container.has(owner)) {
        throw new Failure('archive.orphan', 'a proof that belongs to nothing', name)
      }
      if (name === 'README.txt') await this.container.read(name)
    }
  }

  // Steps 4 and 5 (R7.5, R7.6).
  async verifyStream(stream) {
    const check = new StreamCheck(this, stream)
    const all = this.container.under('streams/', '.sd-jwt').length
    for (const name of this.container.under(`streams/${stream}/`, '.sd-jwt')) {
      await at(name, () => check.verify(name))
      this.done += 1
      await this.tell(this.done, all)
    }
    return check.result
  }

  // Step 6 (R7.7).
  async verifyRules() {
    const present = new Set()
    for (const name of [...this.container.under('packs/', ''), ...this.container.under('rulebooks/', '')]) {
      const digest = toHex(await sha256(await this.container.read(name)))
      if (name !== `${name.split('/')[0]}/${digest}.json`) {
        throw new Failure('rulebook.digest', 'not the rules of this digest', name)
      }
      if (name.startsWith('rulebooks/')) present.add(digest)
    }
    return present
  }
}

// A public statement (R4.4).
export function readStatement(leaf) {
  if (leaf[0] !== 3) throw new Failure('leaf.kind', 'not a public statement')
  const statement = readJson(leaf.subarray(1), 65_534, 'leaf.form')
  if (!(statement instanceof Map) || !isText(statement.get('statement'))) {
    throw new Failure('leaf.form', 'a public statement that does not say what it states')
  }
  return statement
}

// What a statement says of a log that this one follows (R4.7).
export function findSuccession(statement) {
  const get = (name) => statement.get(name)
  const isSuccession = get('statement') === 'log-succession' && isText(get('follows')) && isText(get('origin'))
  if (!isSuccession || !isWhole(get('size')) || !isWhole(get('carried'))) return []
  return [{ log: get('origin'), old: get('follows'), size: get('size'), carried: get('carried') }]
}
