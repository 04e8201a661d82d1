// SHA-256, Ed25519 and ECDSA, each the browser's own (Web Cryptography), and which Ed25519 keys are none (record R5.4).

const PRIME = 2n ** 255n - 19n
// The y coordinate of two points of order eight, and so its negative that of the two others.
const EIGHTH = 0x7a03ac9277fdc74ec6cc392cfa53202a0f67100d760b3cba4fd84d3d706a17c7n
const SMALL = new Set([0n, 1n, PRIME - 1n, EIGHTH, PRIME - EIGHTH])
const imported = new Map()

export async function sha256(bytes) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', bytes))
}

// Whether this browser has what is needed: it verifies the first signature of RFC 8032 section 7.1.
export async function canVerify() {
  const octets = (hex) => Uint8Array.from(hex.match(/../g), (one) => parseInt(one, 16))
  const key = octets('d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a')
  const signature = octets(
    'e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b',
  )
  try {
    new DecompressionStream('deflate-raw')
    return await verifyEd25519(key, signature, new Uint8Array())
  } catch {
    return false
  }
}

export function isSmallOrder(key) {
  let y = 0n
  for (let at = key.length - 1; at >= 0; at--) y = (y << 8n) | BigInt(key[at])
  return SMALL.has((y & (2n ** 255n - 1n)) % PRIME)
}

export async function verifyEd25519(key, signature, message) {
  if (key.length !== 32 || signature.length !== 64 || isSmallOrder(key)) return false
  const name = key.join()
  if (!imported.has(name)) imported.set(name, await importKey(key, 'Ed25519'))
  const usable = imported.get(name)
  return usable !== null && crypto.subtle.verify('Ed25519', usable, signature, message)
}

// Whether an ECDSA signature (r and s, 64 bytes) over P-256 with SHA-256 verifies; null where the key is no point.
export async function verifyP256(key, signature, message) {
  const usable = await importKey(key, { name: 'ECDSA', namedCurve: 'P-256' })
  return usable && crypto.subtle.verify({ name: 'ECDSA', hash: 'SHA-256' }, usable, signature, message)
}

async function importKey(key, kind) {
  try {
    return await crypto.subtle.importKey('raw', key, kind, false, ['verify'])
  } catch (error) {
    if (error.name === 'DataError') return null // 32 bytes that are no point of the curve
    throw error
  }
}
