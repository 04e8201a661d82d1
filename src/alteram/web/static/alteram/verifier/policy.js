// Whom to trust: a C2SP tlog-policy, and whether the signatures on a note satisfy it (record R5.6, R5.7, R7.9).
import { Failure } from './failure.js'
import { COSIGNATURE, LARGEST, MLDSA, PLAIN, readKey, verifyLine } from './notes.js'
import { fromLatin1, toLatin1 } from './octets.js'

const MOST_OF_EACH = 256

export class Trust {
  constructor(logs, witnesses, groups, quorum) {
    this.logs = logs
    this.witnesses = witnesses
    this.groups = groups
    this.quorum = quorum
    this.known = new Map([...logs, ...witnesses.values()].map((key) => [`${key.name}+${key.id}`, key]))
    this.witnessKeys = new Set(Array.from(witnesses.values(), (key) => key.identity))
    this.logKeys = new Set(logs.map((key) => key.identity))
  }

  // The signatures by keys of the policy, the log's own and a quorum among them, where those that are not checked
  // here are taken for good: what rests on them is told by `findUnchecked`.
  async verify(note, origin) {
    const signed = await this.verifyLog(note, origin)
    if (!this.hasQuorum(signed)) throw new Failure('policy.quorum', 'too few witnesses cosigned')
    return signed
  }

  async verifyLog(note, origin) {
    const signed = []
    for (const line of note.lines) {
      const key = this.known.get(`${line.name}+${line.id}`)
      if (key) signed.push(await verifyLine(key, line, note))
    }
    if (!signed.length) throw new Failure('note.unsigned', 'signed by no key of the policy')
    if (!this.isByLog(signed, origin)) throw new Failure('policy.log', `not signed by the log ${origin}`)
    return signed
  }

  // What a policy asks of a note that rests on signatures which were not checked: `log`, `quorum`.
  findUnchecked(signed, origin) {
    const checked = signed.filter((one) => one.checked)
    const rests = []
    if (!this.isByLog(checked, origin)) rests.push('log')
    if (!this.hasQuorum(checked)) rests.push('quorum')
    return rests
  }

  // Whether a quorum of witnesses gives the times, and they or the log alone with them. Nothing unchecked counts.
  findTimes(signed) {
    const checked = signed.filter((one) => one.checked)
    const told = checked.filter((one) => one.time && this.isWitness(one.key))
    if (told.length && this.hasQuorum(checked)) return { witnessed: true, told }
    return { witnessed: false, told: checked.filter((one) => one.time && this.logKeys.has(one.key.identity)) }
  }

  isWitness(key) {
    return this.witnessKeys.has(key.identity)
  }

  isByLog(signed, origin) {
    return signed.some((one) => this.logKeys.has(one.key.identity) && one.key.name === origin)
  }

  hasQuorum(signed) {
    return this.quorum === 'none' || this.isMet(this.quorum, new Set(signed.map((one) => one.key.identity)))
  }

  isMet(name, identities) {
    if (this.witnesses.has(name)) return identities.has(this.witnesses.get(name).identity)
    const { needed, members } = this.groups.get(name)
    return members.filter((one) => this.isMet(one, identities)).length >= needed
  }
}

export async function readPolicy(bytes) {
  if (bytes.length > LARGEST) throw new Failure('policy.too-large', 'a policy of more than 1 MiB')
  const text = toLatin1(bytes)
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(text)) throw new Failure('policy.control', 'a policy with a control character')
  const found = { logs: [], witnesses: new Map(), groups: new Map(), quorum: null }
  for (const row of text.split('\n')) await readRow(row.split(/[ \t]+/).filter(Boolean), found)
  const { logs, witnesses, groups, quorum } = found
  const most = Math.max(logs.length, witnesses.size, groups.size)
  for (const [wrong, code] of [
    [most > MOST_OF_EACH, 'policy.too-many'],
    [!logs.length, 'policy.log'],
    [quorum === null, 'policy.quorum'],
  ]) {
    if (wrong) throw new Failure(code, 'a policy that names no log, no quorum, or too many of one kind')
  }
  return new Trust(logs, witnesses, groups, quorum)
}

async function readRow(items, found) {
  const [first, name, ...rest] = items
  const isNamed = (one) => found.witnesses.has(one) || found.groups.has(one)
  const checkNew = () => {
    if (name === 'none' || isNamed(name)) throw new Failure('policy.name', 'a name that is taken')
  }
  if (!items.length || first.startsWith('#')) return
  if (first === 'log' && (items.length === 2 || items.length === 3)) {
    found.logs.push(await readNewKey(name, [PLAIN, MLDSA], found.logs))
  } else if (first === 'witness' && (items.length === 3 || items.length === 4)) {
    checkNew()
    found.witnesses.set(name, await readNewKey(rest[0], [COSIGNATURE, MLDSA], [...found.witnesses.values()]))
  } else if (first === 'group' && items.length > 3) {
    checkNew()
    found.groups.set(name, readGroup(rest[0], rest.slice(1), found))
  } else if (first === 'quorum' && items.length === 2 && found.quorum === null) {
    if (name !== 'none' && !isNamed(name)) throw new Failure('policy.name', 'a quorum that is not defined above')
    found.quorum = name
  } else {
    throw new Failure('policy.line', 'a line that says nothing a policy can say')
  }
}

async function readNewKey(vkey, kinds, others) {
  const key = await readKey(fromLatin1(vkey))
  if (!kinds.includes(key.kind)) {
    throw new Failure('policy.key', 'a key of a type that does not sign as this one would')
  }
  if (others.some((other) => other.public.join() === key.public.join())) {
    throw new Failure('policy.duplicate', 'a public key that stands in the policy twice')
  }
  return key
}

function readGroup(count, members, { witnesses, groups }) {
  const taken = new Set([...groups.values()].flatMap((one) => one.members))
  for (const member of members) {
    if (taken.has(member) || (!witnesses.has(member) && !groups.has(member))) {
      throw new Failure('policy.name', 'a member that is not defined above, or is in a group already')
    }
    taken.add(member)
  }
  if (count === 'any' || count === 'all') return { needed: count === 'any' ? 1 : members.length, members }
  if (!/^[1-9][0-9]{0,2}$/.test(count) || Number(count) > members.length) {
    throw new Failure('policy.threshold', 'a group that needs a number it has not')
  }
  return { needed: Number(count), members }
}
