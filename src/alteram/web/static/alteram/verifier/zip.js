// The container of an export: a zip read from its first byte to its last (record R6.1 to R6.8).
// Members are walked in the order in which they stand. The directory at the end is not read but written anew from what
// was walked and compared, so nothing in it can say anything else.
import { Failure } from './failure.js'
import { encode, isEqual, join, toLatin1 } from './octets.js'

const MOST_MEMBERS = 65_534
const LARGEST_MEMBER = 8 << 20
const LARGEST_RATIO = 200
const STORED = 0
const DEFLATED = 8
const NAMES = [
  'README\\.txt',
  'checkpoint',
  'checkpoints/[0-9]{16}(?:\\.consistency)?',
  'manifest\\.json',
  'packs/[0-9a-f]{64}\\.json',
  'policy',
  'rulebooks/[0-9a-f]{64}\\.json',
  'statements/[0-9]{8}\\.(?:leaf|tlog-proof)',
  'streams/[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?/[0-9]{8}\\.(?:sd-jwt|tlog-proof)',
]
const NAME = new RegExp(`^(?:${NAMES.join('|')})$`)

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, at) => {
  let one = at
  for (let bit = 0; bit < 8; bit++) one = one & 1 ? (one >>> 1) ^ 0xedb88320 : one >>> 1
  return one
})

function computeCrc(bytes) {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (crc >>> 8) ^ CRC_TABLE[(crc ^ byte) & 255]
  return (crc ^ 0xffffffff) >>> 0
}

// Numbers of two (H) or four (I) bytes, least significant first.
function pack(form, ...values) {
  const view = new DataView(new ArrayBuffer([...form].reduce((sum, one) => sum + (one === 'H' ? 2 : 4), 0)))
  let at = 0
  values.forEach((value, place) => {
    if (form[place] === 'H') view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += form[place] === 'H' ? 2 : 4
  })
  return new Uint8Array(view.buffer)
}

export class Container {
  // Walk the container and check everything about it but the members' content.
  constructor(bytes) {
    this.bytes = bytes
    this.members = new Map()
    let at = 0
    let before = ''
    while (isEqual(bytes.subarray(at, at + 4), [0x50, 0x4b, 3, 4])) {
      const member = readMember(bytes, at)
      if (member.name <= before) {
        throw new Failure('archive.names', 'members are not sorted, or one stands twice', member.name)
      }
      this.members.set(member.name, member)
      at = member.start + member.packed
      before = member.name
    }
    const members = [...this.members.values()]
    if (!isEqual(bytes.subarray(at), writeDirectory(members, at))) explain(bytes.subarray(at), members)
  }

  get names() {
    return [...this.members.keys()]
  }

  has(name) {
    return this.members.has(name)
  }

  under(start, end) {
    return this.names.filter((name) => name.startsWith(start) && name.endsWith(end))
  }

  // A member's content (R6.6).
  async read(name) {
    const member = this.members.get(name)
    if (!member) throw new Failure('archive.missing', 'the export lacks this member', name)
    const content = await inflate(member, this.bytes.subarray(member.start, member.start + member.packed))
    if (content.length !== member.size || computeCrc(content) !== member.crc) {
      throw new Failure('archive.damaged', 'the content is not what its header says', name)
    }
    return content
  }
}

function readMember(bytes, at) {
  if (bytes.length < at + 30) throw new Failure('archive.zip', 'the container is cut short')
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, 30)
  const method = view.getUint16(8, true)
  const [crc, packed, size] = [14, 18, 22].map((place) => view.getUint32(place, true))
  const length = view.getUint16(26, true)
  const name = toLatin1(bytes.subarray(at + 30, at + 30 + length))
  if (!NAME.test(name)) {
    throw new Failure('archive.name', 'a member that does not belong in an export', JSON.stringify(name).slice(0, 80))
  }
  const header = pack('HHHHHIIIHH', 20, 0, method, 0, 0x21, crc, packed, size, length, 0)
  if (!isEqual(bytes.subarray(at + 4, at + 30), header)) {
    throw new Failure('archive.attributes', "a header with other attributes than an export's", name)
  }
  if (method !== STORED && method !== DEFLATED) {
    throw new Failure('archive.compression', 'compressed in another way', name)
  }
  if (size > LARGEST_MEMBER || size > LARGEST_RATIO * Math.max(packed, 64)) {
    throw new Failure('archive.bomb', 'too large, or unpacks to far more than it is', name)
  }
  const start = at + 30 + length
  if (start + packed > bytes.length) throw new Failure('archive.zip', 'the container is cut short', name)
  return { name, header, method, crc, packed, size, start }
}

function writeRow(member, at) {
  return join([0x50, 0x4b, 1, 2], pack('H', 0x0314), member.header, pack('HHHII', 0, 0, 0, 0o644 << 16, at))
}

function writeDirectory(members, end) {
  if (members.length > MOST_MEMBERS) throw new Failure('archive.members', 'too many members')
  const pieces = []
  let at = 0
  for (const member of members) {
    pieces.push(writeRow(member, at), encode(member.name))
    at = member.start + member.packed
  }
  const rows = join(...pieces)
  const counts = pack('HHHHIIH', 0, 0, members.length, members.length, rows.length, end, 0)
  return join(rows, [0x50, 0x4b, 5, 6], counts)
}

function explain(found, members) {
  let at = 0
  for (const member of members) {
    const length = 46 + member.name.length
    const row = writeRow(member, 0).subarray(0, 42)
    const name = toLatin1(found.subarray(at + 46, at + length))
    if (!isEqual(found.subarray(at, at + 42), row) || name !== member.name) {
      throw new Failure('archive.damaged', 'its header and the directory disagree', member.name)
    }
    at += length
  }
  throw new Failure('archive.extra', 'something stands before, between or after the members, or is missing')
}

async function inflate(member, raw) {
  if (member.method === STORED) return raw
  const inflater = new DecompressionStream('deflate-raw')
  const writer = inflater.writable.getWriter()
  const written = writer.write(raw).then(() => writer.close())
  written.catch(() => null) // told by the reader as well
  const reader = inflater.readable.getReader()
  const pieces = []
  let length = 0
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      pieces.push(read.value)
      length += read.value.length
      if (length > member.size) throw new Error('more than its header says')
    }
  } catch {
    reader.cancel().catch(() => null)
    throw new Failure('archive.damaged', 'the compressed data is damaged, cut short or has something after it', member.name)
  }
  return join(...pieces)
}
