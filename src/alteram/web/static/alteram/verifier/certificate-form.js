// What a certificate holds, member by member (certificate section 2), checked before anything in it is used.
import { Failure } from './failure.js'
import { hasExactly, isText, isWhole } from './spelling.js'

const LARGEST_SEQ = 99_999_999
const GUARANTEES =
  'notice disclosure response hearing impartiality open-mind evidence reasons proportionality timeliness accompaniment'.split(' ')
GUARANTEES.push('confidentiality', 'welfare', 'appeal', 'authority', 'record')
export const ORDER = ['UNKNOWN', 'FAIL', 'RULED', 'PASS']

const isTruth = (value) => typeof value === 'boolean'
const isSeq = (value) => isWhole(value) && value <= LARGEST_SEQ
const isCount = (value) => isWhole(value) && value <= LARGEST_SEQ + 1
const isHash = (value) => isText(value) && /^[A-Za-z0-9_-]{43}$/.test(value)
const isDigest = (value) => isText(value) && /^[0-9a-f]{64}$/.test(value)
const isAmong = (words) => (value) => words.includes(value)
const isListOf = (check) => (value) => Array.isArray(value) && value.every(check)
const isPath = (value) => isListOf(isHash)(value) && value.length <= 63
const isObject = (members) => (value) =>
  hasExactly(value, ...Object.keys(members)) && Object.entries(members).every(([name, check]) => check(value.get(name)))

const isPlaced = isObject({ seq: isSeq, index: isWhole, leaf: isHash, path: isPath })
const RESULT = {
  by: isDigest,
  clause: isText,
  elsewhere: isTruth,
  entries: isListOf(isSeq),
  id: isText,
  result: isAmong(ORDER),
  signed: isCount,
  source: isText,
  status: isAmong(['F', 'S', 'G']),
  title: isText,
  uncontradicted: isTruth,
}
const MATTER = { alleged: isListOf(isSeq), asserted: isCount, destroyed: isCount, entries: isCount, signed: isCount }
const RULES = {
  as_of: isText,
  digest: isDigest,
  id: isText,
  kind: isAmong(['rulebook', 'built-on', 'pack']),
  text: isText,
  title: isText,
  version: isText,
}
const MEMBERS = {
  as_of: isText,
  checkpoint: isText,
  checkpoints: isListOf(isObject({ consistency: isPath, note: isText })),
  departures: isListOf(isObject({ entry: isSeq, requirement: isText })),
  entries: isListOf(isPlaced),
  format: isText,
  matter: isObject(MATTER),
  organisation: isText,
  organisation_entry: isPlaced,
  policy: isText,
  record_key: isObject({ index: isWhole, path: isPath, statement: isText }),
  requirements: isListOf(isObject({ ...RESULT, guarantee: isAmong(GUARANTEES), pack: isText })),
  results: isListOf(isObject(RESULT)),
  rules: isListOf(isObject(RULES)),
  witnesses: isListOf(isObject({ independent: isTruth, name: isText })),
}

// Every member is there, of its form, and none besides (C2.1).
export function checkMembers(said) {
  if (!(said instanceof Map) || !isObject(MEMBERS)(said)) throw new Failure('certificate.form', 'not a certificate')
}
