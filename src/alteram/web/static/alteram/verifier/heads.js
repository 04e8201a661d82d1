// What certificates and excerpts check alike: older heads of the log, and the record key that a statement publishes.
import { dateHead } from './bounds.js'
import { isSmallOrder } from './digests.js'
import { Failure } from './failure.js'
import { verifyGrowth } from './merkle.js'
import { readHead, readNote } from './notes.js'
import { encode } from './octets.js'
import { readPolicy } from './policy.js'
import { isText, readBase64url } from './spelling.js'

// Runs a step; a failure in it names the member.
export async function at(where, step) {
  try {
    return await step()
  } catch (error) {
    if (!(error instanceof Failure) || error.where) throw error
    throw new Failure(error.code, error.what, where)
  }
}

export const readPath = (path) => path.map(readBase64url)

// The head of the log that a file rests on, signed as the policy asks, with the older ones that bound times, in order.
// `read` returns the note it stands in, which is the member `where`; `family` is that of the file's own failures.
export async function verifyHeads(said, policy, { where, family, read }) {
  const enclosed = await at('policy', () => readPolicy(encode(said.get('policy'))))
  const trust = policy ?? enclosed
  const unchecked = new Set()
  const { head, own, signed } = await at(where, async () => {
    const note = read()
    const head = await readHead(note.text)
    const signed = await trust.verify(note, head.origin)
    for (const one of trust.findUnchecked(signed, head.origin)) unchecked.add(one)
    return { head, own: dateHead(head, signed, trust), signed }
  })
  const older = []
  for (const [place, one] of said.get('checkpoints').entries()) {
    older.push(await at(`checkpoints/${place}`, () => verifyOlder(one, head, trust)))
  }
  if (older.some((one) => one.isUnchecked)) unchecked.add('older')
  if (older.some((one, place) => place && older[place - 1].head.size >= one.head.size)) {
    throw new Failure(`${family}.checkpoints`, 'older checkpoints out of order', 'checkpoints')
  }
  return { head, own, older, unchecked, signers: describeSigners(signed, trust) }
}

// Who signed, in what part, at what time, and whether that was checked here.
export function describeSigners(signed, trust) {
  return signed.map(({ key, time, checked }) => ({
    name: key.name,
    kind: key.kind,
    isWitness: trust.isWitness(key),
    time,
    checked,
  }))
}

// An older head of the log which `newer` continues, dated; `isUnchecked` where its signature is one of ML-DSA.
async function verifyOlder(one, newer, trust) {
  const note = readNote(encode(one.get('note')))
  const head = await readHead(note.text)
  if (head.origin !== newer.origin) throw new Failure('checkpoint.origin', 'a checkpoint of another log')
  const signed = await trust.verifyLog(note, head.origin)
  await verifyGrowth(head, newer, readPath(one.get('consistency')))
  return { ...dateHead(head, signed, trust), isUnchecked: trust.findUnchecked(signed, head.origin).includes('log') }
}

// The record key that a statement publishes for an organisation: its name and its octets.
export function readRecordKey(statement, organisation) {
  const [kid, key] = [statement.get('kid'), statement.get('key')]
  if (statement.get('statement') !== 'record-key' || !isText(kid) || !kid || !isText(key)) {
    throw new Failure('statement.form', 'no record key is published')
  }
  const octets = readBase64url(key)
  if (octets.length !== 32 || isSmallOrder(octets)) {
    throw new Failure('statement.key', 'a record key that is none, or that anybody could sign for')
  }
  if (statement.get('organisation') !== organisation) {
    throw new Failure('statement.organisation', 'a record key of another organisation')
  }
  return { kid, octets }
}
