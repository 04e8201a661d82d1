// Bytes: joined, compared, turned into text and back.
import { Failure } from './failure.js'

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

export const encode = (text) => new TextEncoder().encode(text)

// Each byte one character. Names that a policy gives its witnesses are octets, not text.
export function toLatin1(bytes) {
  let text = ''
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192))
  return text
}

export const fromLatin1 = (text) => Uint8Array.from(text, (one) => one.charCodeAt(0))

export function decode(bytes, code, what) {
  try {
    return UTF8.decode(bytes)
  } catch {
    throw new Failure(code, what)
  }
}

export const toHex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')

export const isAscii = (bytes) => bytes.every((one) => one < 128)

export function join(...pieces) {
  const joined = new Uint8Array(pieces.reduce((sum, one) => sum + one.length, 0))
  let at = 0
  for (const one of pieces) {
    joined.set(one, at)
    at += one.length
  }
  return joined
}

export function isEqual(one, other) {
  return one.length === other.length && one.every((byte, at) => byte === other[at])
}

// A purpose, padded with NUL to 32 bytes.
export function pad(purpose) {
  const padded = new Uint8Array(32)
  padded.set(encode(purpose))
  return padded
}

export function findPair(bytes, first, second) {
  for (let at = 0; at + 1 < bytes.length; at++) if (bytes[at] === first && bytes[at + 1] === second) return at
  return -1
}

// Whether a text comes before another by code points; JavaScript compares halves of them.
export function isBefore(one, other) {
  const left = [...one]
  const right = [...other]
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const difference = left[at].codePointAt(0) - right[at].codePointAt(0)
    if (difference) return difference < 0
  }
  return left.length < right.length
}

export const areSorted = (texts) => texts.every((one, at) => at === 0 || isBefore(texts[at - 1], one))
