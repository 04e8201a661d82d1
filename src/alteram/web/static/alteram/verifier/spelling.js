// Base64, canonical JSON, identifiers and instants: each accepted in one spelling only (record R2).
// JSON objects become Maps, so that no name in a file can be mistaken for something of JavaScript's own.
import { Failure } from './failure.js'
import { decode, encode, fromLatin1, isEqual, toLatin1 } from './octets.js'

const DEEPEST = 31
const IDENTIFIER = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/
const INSTANT = /^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/
const LONE_SURROGATE = /\p{Surrogate}/u

export function readBase64(text, code = 'note.base64') {
  let octets
  try {
    octets = atob(text)
  } catch {
    throw new Failure(code, 'not base64')
  }
  if (btoa(octets) !== text) throw new Failure(code, 'base64 in another spelling')
  return fromLatin1(octets)
}

export function writeBase64url(bytes) {
  return btoa(toLatin1(bytes)).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

export function readBase64url(text) {
  const standard = text.replaceAll('-', '+').replaceAll('_', '/')
  try {
    if (/[+/=]/.test(text)) throw new Failure('base64url', '')
    return readBase64(standard + '='.repeat((4 - (standard.length % 4)) % 4), 'base64url')
  } catch {
    throw new Failure('base64url', 'not base64url without padding')
  }
}

export function readJson(bytes, limit, code) {
  if (bytes.length > limit) throw new Failure(code, `JSON of more than ${limit} bytes`)
  let value
  try {
    value = convert(JSON.parse(decode(bytes, code, 'not UTF-8')), 1)
  } catch {
    throw new Failure(code, 'not canonical JSON')
  }
  if (!isEqual(encode(writeJson(value)), bytes)) {
    throw new Failure(code, 'JSON in another spelling than the canonical one')
  }
  return value
}

function convert(value, level) {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) throw new Error('no whole number')
  if (typeof value === 'string' && LONE_SURROGATE.test(value)) throw new Error('half a character')
  if (value === null || typeof value !== 'object') return value
  if (level > DEEPEST) throw new Error('too deep')
  if (Array.isArray(value)) return value.map((one) => convert(one, level + 1))
  const names = Object.keys(value)
  if (names.some((one) => /[^\0-\x7f]/.test(one))) throw new Error('a key is not ASCII')
  return new Map(names.sort().map((one) => [one, convert(value[one], level + 1)]))
}

export function writeJson(value) {
  if (Array.isArray(value)) return `[${value.map(writeJson).join(',')}]`
  if (!(value instanceof Map)) return JSON.stringify(value)
  return `{${Array.from(value, ([name, one]) => `${JSON.stringify(name)}:${writeJson(one)}`).join(',')}}`
}

// Whether a value is an object with these members and no others.
export function hasExactly(value, ...names) {
  return value instanceof Map && value.size === names.length && names.every((one) => value.has(one))
}

export const isText = (value) => typeof value === 'string'

export const isWhole = (value) => typeof value === 'number' && value >= 0

export const isIdentifier = (value) => isText(value) && IDENTIFIER.test(value)

// The POSIX seconds of the instant that a value spells, or null.
export function findInstant(value) {
  if (!isText(value) || !INSTANT.test(value)) return null
  const time = Date.parse(value)
  return Number.isNaN(time) || tellTime(time / 1000) !== value ? null : time / 1000
}

// POSIX seconds as an instant, or as they are where no calendar reaches.
export function tellTime(seconds) {
  const time = new Date(Number(seconds) * 1000)
  if (Number.isNaN(time.getTime()) || time.getUTCFullYear() > 9999) return String(seconds)
  return `${time.toISOString().slice(0, 19)}Z`
}
