// What an excerpt holds (docs/spec/evidence.md, E2.6), checked before anything in it is used.
import { Failure } from './failure.js'
import { toLatin1 } from './octets.js'
import { hasExactly, isText, isWhole, readJson } from './spelling.js'

export const FIRST_LINE = 'alteram-excerpt/1\n'
export const MOST_PIECES = 1_000_000
export const SALT = 16
const LARGEST = 512 << 20
const LARGEST_HEAD = 8 << 20
const LARGEST_PIECE = 1 << 26
const MOST_HASHES = 63
const MOST_PROOF = 124

const isHash = (value) => isText(value) && /^[A-Za-z0-9_-]{43}$/.test(value)
const isListOf = (check) => (value) => Array.isArray(value) && value.every(check)
const isPathOf = (most) => (value) => isListOf(isHash)(value) && value.length <= most
const isPath = isPathOf(MOST_HASHES)
const isObject = (members) => (value) =>
  hasExactly(value, ...Object.keys(members)) && Object.entries(members).every(([name, check]) => check(value.get(name)))
const isUpTo = (most) => (value) => isWhole(value) && value <= most
const isPlaced = isObject({ index: isWhole, path: isPath, statement: isText })
const areLengths = (value) => isListOf(isUpTo(LARGEST_PIECE))(value) && value.length > 0
const isRange = isObject({ first: isUpTo(MOST_PIECES), lengths: areLengths, proof: isPathOf(MOST_PROOF) })
const isHead = isObject({
  checkpoints: isListOf(isObject({ consistency: isPath, note: isText })),
  entry: isText,
  organisation: isText,
  policy: isText,
  ranges: (value) => isListOf(isRange)(value) && value.length >= 1 && value.length <= 2,
  receipt: isText,
  record_key: isPlaced,
  successions: isListOf(isPlaced),
})

// The head, and for each range its leaf data: salt and piece together. Nothing is verified.
export function readExcerpt(bytes) {
  if (bytes.length > LARGEST) throw new Failure('excerpt.too-large', 'an excerpt of more than 512 MiB')
  const start = toLatin1(bytes.subarray(0, 32))
  if (!start.startsWith(FIRST_LINE)) {
    const isLater = /^alteram-excerpt\/[1-9][0-9]{0,3}\n/.test(start)
    throw new Failure(isLater ? 'excerpt.format' : 'excerpt.form', 'not an excerpt that is known here')
  }
  const rest = bytes.subarray(FIRST_LINE.length)
  const length = rest.length < 4 ? null : new DataView(rest.buffer, rest.byteOffset).getUint32(0)
  if (length === null || length > LARGEST_HEAD || rest.length < 4 + length) {
    throw new Failure('excerpt.form', 'an excerpt that is cut short')
  }
  const said = readJson(rest.subarray(4, 4 + length), LARGEST_HEAD, 'excerpt.form')
  if (!isHead(said)) throw new Failure('excerpt.form', 'a head with a malformed member, one missing, or one too many')
  return { said, leaves: cut(rest.subarray(4 + length), said.get('ranges')) }
}

function cut(body, ranges) {
  const lengths = ranges.flatMap((one) => one.get('lengths'))
  if (body.length !== lengths.reduce((sum, one) => sum + SALT + one, 0)) {
    throw new Failure('excerpt.form', 'other pieces than the head says')
  }
  let at = 0
  return ranges.map((one) =>
    one.get('lengths').map((length) => {
      at += SALT + length
      return body.subarray(at - SALT - length, at)
    }),
  )
}
