// What certificates and excerpts check alike: older heads of the log, and the record key that a statement publishes.
import { dateHead } from './bounds.js'
import { isSmallOrder } from './digests.js'
import { Failure } from './failure.js'
import { verifyGrowth } from './merkle.js'
import { readHead, readNote } from './notes.js'
import { encode } from './octets.js'
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

// An older head of the log which `newer` continues, dated; `isUnchecked` where its signature is one of ML-DSA.
export async function verifyOlder(one, newer, trust) {
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
