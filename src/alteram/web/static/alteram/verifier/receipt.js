// A receipt on its own: whose checkpoint it stands under, and whether an entry, a statement or a leaf hash is there.
import { dateHead } from './bounds.js'
import { readStatement } from './export.js'
import { describeSigners } from './heads.js'
import { hashLeaf, verifyPath } from './merkle.js'
import { readHead } from './notes.js'
import { readPolicy } from './policy.js'
import { findBlinding, readReceipt } from './receipts.js'
import { buildLeaf, checkClaims, readDisclosed, verifyAuthor } from './sdjwt.js'

// `policy`: bytes, or null where the visitor trusts nobody yet: then no signature is checked.
// `of`: what it is a receipt of: `{ entry }` or `{ statement }` (bytes), `{ leafHash }` (32 bytes), or null.
export async function verifyReceipt(bytes, policy = null, of = null) {
  const receipt = readReceipt(bytes)
  const head = await readHead(receipt.note.text)
  const result = { head, index: receipt.index, entry: null, isPlaced: false, unchecked: [], latest: null }
  if (policy === null) {
    result.unchecked.push('policy')
    result.signers = receipt.note.lines.map((one) => ({ name: one.name, checked: false, time: 0n, isWitness: null }))
  } else {
    const trust = await readPolicy(policy)
    const signed = await trust.verify(receipt.note, head.origin)
    result.unchecked.push(...trust.findUnchecked(signed, head.origin))
    result.signers = describeSigners(signed, trust)
    result.latest = dateHead(head, signed, trust).latest
  }
  if (of === null) result.unchecked.push('leaf')
  else await place(receipt, head, of, result)
  return result
}

async function place(receipt, head, of, result) {
  let { leafHash } = of
  if (of.entry) {
    const entry = await readDisclosed(of.entry)
    leafHash = await hashLeaf(await buildLeaf(entry, findBlinding(receipt)))
    checkClaims(entry.claims)
    const { claims } = entry
    result.entry = { claims, disclosed: claims.size, digests: entry.digests.size, author: await verifyAuthor(entry) }
    result.unchecked.push('record-key')
  }
  if (of.statement) {
    readStatement(of.statement)
    leafHash = await hashLeaf(of.statement)
  }
  await verifyPath(receipt, head, leafHash)
  result.isPlaced = true
}
