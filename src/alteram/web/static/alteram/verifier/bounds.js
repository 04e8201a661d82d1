// Between which times an entry was recorded, from the checkpoints of an export (record R7.9).

// How far clocks may differ before a reader is told, in seconds.
const TOLERANCE = 300n

// A checkpoint with the earliest and the latest time at which it was signed; null where nothing dates it.
export function dateHead(head, signed, trust) {
  const { witnessed, told } = trust.findTimes(signed)
  if (!told.length) return { head, earliest: null, latest: null }
  const by = [...new Set(told.map((one) => one.key.name))].sort()
  const times = told.map((one) => one.time).sort((one, other) => (one < other ? -1 : Number(one > other)))
  const bound = (time) => ({ time, by, witnessed })
  return { head, earliest: bound(times[0]), latest: bound(times.at(-1)) }
}

// By when the leaf at `index` was in the log; the checkpoints are in order of size, the file's own last.
export function findLatest(checkpoints, index) {
  const found = checkpoints.filter((one) => one.head.size > index && one.latest).map((one) => one.latest)
  return found.find((one) => one.witnessed) ?? found[0] ?? null
}

// Whether an entry's own time lies within its bounds, give or take what clocks may differ.
export function isBorneOut(at, notBefore, notAfter) {
  if (at === null) return true
  const own = BigInt(at)
  const isTooEarly = notBefore !== null && own + TOLERANCE < notBefore.time
  const isTooLate = notAfter !== null && own - TOLERANCE > notAfter.time
  return !isTooEarly && !isTooLate
}
