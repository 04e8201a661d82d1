// Merkle trees: inclusion and consistency by the definition of the proofs (RFC 6962 section 2.1; record R4).
// Indexes and sizes are BigInts: a log may be larger than JavaScript's numbers are exact.
import { sha256 } from './digests.js'
import { Failure } from './failure.js'
import { isEqual, join } from './octets.js'

export const hashLeaf = (leaf) => sha256(join([0], leaf))

const hashNode = (left, right) => sha256(join([1], left, right))

// The size of the left half of a tree.
function split(size) {
  let half = 1n
  while (half * 2n < size) half *= 2n
  return half
}

export async function verifyPath(receipt, head, leafHash) {
  if (receipt.index >= head.size) throw new Failure('proof.index', 'an index that is not in the log')
  const root = await findRoot(receipt.index, head.size, leafHash, [...receipt.path])
  if (!isEqual(root, head.root)) throw new Failure('proof.root', 'a path that leads to another root')
}

async function findRoot(index, size, leafHash, path) {
  if (size === 1n) {
    if (path.length) throw new Failure('proof.too-long', 'a path that is too long')
    return leafHash
  }
  if (!path.length) throw new Failure('proof.too-short', 'a path that is too short')
  const sibling = path.pop()
  const half = split(size)
  if (index < half) return hashNode(await findRoot(index, half, leafHash, path), sibling)
  return hashNode(sibling, await findRoot(index - half, size - half, leafHash, path))
}

// Verify that the newer log continues the older.
export async function verifyGrowth(old, head, hashes) {
  if (old.size <= 0n || old.size > head.size) {
    throw new Failure('proof.size', "a checkpoint of an empty log, or of a larger one than the file's")
  }
  const left = [...hashes]
  const [before, after] = await grow(old.size, head.size, old.root, left)
  if (left.length) throw new Failure('proof.too-long', 'a consistency proof that is too long')
  if (!isEqual(before, old.root) || !isEqual(after, head.root)) {
    throw new Failure('proof.root', 'a consistency proof that leads to other roots')
  }
}

// Both roots of a subtree; `whole` is the old log's where the subtree begins at its first leaf.
async function grow(old, size, whole, left) {
  if (old === size && whole !== null) return [whole, whole]
  if (!left.length) throw new Failure('proof.too-short', 'a consistency proof that is too short')
  const sibling = left.pop()
  if (old === size) return [sibling, sibling]
  const half = split(size)
  if (old <= half) {
    const [before, after] = await grow(old, half, whole, left)
    return [before, await hashNode(after, sibling)]
  }
  const [before, after] = await grow(old - half, size - half, null, left)
  return [await hashNode(sibling, before), await hashNode(sibling, after)]
}

// Verify that leaves [first, first + as many as there are hashes) stand in the tree of this size and root
// (evidence E2.4). Here sizes are numbers: a tree of pieces has at most a million leaves.
export async function verifyRange({ first, hashes, size, proof, root }) {
  const until = first + hashes.length
  if (!hashes.length || until > size) throw new Failure('proof.range', 'pieces that are not in the tree')
  const left = [...proof]
  const climb = async (low, high) => {
    if (high <= first || until <= low) {
      if (!left.length) throw new Failure('proof.too-short', 'a range proof that is too short')
      return left.shift()
    }
    if (high - low === 1) return hashes[low - first]
    let half = 1
    while (half * 2 < high - low) half *= 2
    const before = await climb(low, low + half)
    return hashNode(before, await climb(low + half, high))
  }
  if (left.some((one) => one.length !== 32)) throw new Failure('proof.hash-size', 'a hash that is not 32 bytes')
  const found = await climb(0, size)
  if (left.length) throw new Failure('proof.too-long', 'a range proof that is too long')
  if (!isEqual(found, root)) throw new Failure('proof.root', 'a range proof that leads to another root')
}
