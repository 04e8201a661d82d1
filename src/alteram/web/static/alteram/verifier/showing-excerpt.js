// What an excerpt says: which part of which exhibit, by when the whole was lodged, and the part itself where it is text.
import { build, buildCode, buildFacts, buildSigners, buildTable, buildUnchecked, buildVerdict, tellWitnessed } from './showing.js'
import { decode } from './octets.js'
import { tellTime } from './spelling.js'
import { say } from './words.js'

const MOST_LISTED = 500

export function showExcerpt(shown, result) {
  const verdict = result.unchecked.length ? 'part' : 'pass'
  const section = build('section', { class: 'checked' }, buildVerdict(shown, verdict))
  section.append(
    build('p', {}, say('excerpt_shows')),
    buildFacts([
      ['organisation', result.organisation],
      ['exhibit', buildCode(result.exhibit)],
      ['form', say(`form_${result.form}`)],
      ['pieces', tellPieces(result, result.of)],
      ['offset', result.offset === null ? null : say('offset_of', { from: result.offset, until: result.offset + result.size })],
      ['beginning', result.hasHeader ? say('beginning_of') : null],
      ['in_log_by', result.recorded ? tellTime(result.recorded.time) : say('unbounded')],
      ['log', buildCode(result.head.origin)],
      ['index', String(result.index)],
      ['trust', say(result.isOwnPolicy ? 'trust_file' : 'trust_yours')],
      ['witnessed', tellWitnessed(result.signers)],
      ['content_digest', buildCode(result.digest)],
      ['root', buildCode(result.tree)],
    ]),
    buildUnchecked(result.unchecked),
    ...result.follows.map((one) => build('p', {}, say('follows', one))),
    ...buildContent(result),
    buildSigners(result.signers),
    build('p', {}, say('excerpt_limits')),
  )
  shown.results.append(section)
  return verdict === 'pass' && result.isOwnPolicy ? 'own' : verdict
}

// How an answer lies to the excerpt that was checked before it.
export function showAdjoined(shown, names, adjoined) {
  const text = say(`adjoins_${adjoined.relation}`, { ...names, pieces: tellPieces(adjoined) })
  shown.results.append(build('p', { class: 'note' }, text))
}

// Pieces are told from 1 on, as people count them.
function tellPieces({ first, until }, of = null) {
  const key = until - first === 1 ? 'piece' : 'pieces_from'
  return say(of === null ? key : `${key}_of`, { first: first + 1, last: until, of })
}

function buildContent({ form, first, pieces }) {
  const listed = pieces.slice(0, MOST_LISTED)
  const left = pieces.length - listed.length
  const more = left ? [build('p', {}, say('more_pieces', { count: left }))] : []
  if (form === 'messages') {
    const rows = listed.map((one, place) => readMessage(one, first + place))
    return [buildTable(say('messages_shown'), ['number', 'time', 'sender', 'text'], rows), ...more]
  }
  if (form === 'pages') return [build('ul', {}, ...listed.map((one, place) => build('li', {}, buildSaving(one, first + place)))), ...more]
  return [build('p', {}, say(form === 'bytes' ? 'content_bytes' : 'content_recording'))]
}

// It was verified to be a piece, not to be a message: what is none is told as that.
function readMessage(piece, number) {
  try {
    const said = JSON.parse(decode(piece, 'form', 'not UTF-8'))
    const text = [said.subject, said.text].filter(Boolean).map(String).join('\n')
    const prose = (one) => build('span', { class: 'prose' }, String(one ?? ''))
    return [String(number + 1), prose(said.at), prose(said.sender), prose(text)]
  } catch {
    return [String(number + 1), '', '', say('no_message')]
  }
}

// A picture is saved, not shown: it was made by whoever wrote the file.
function buildSaving(piece, number) {
  const address = URL.createObjectURL(new Blob([piece], { type: 'application/octet-stream' }))
  return build('a', { href: address, download: `page-${number + 1}.png` }, say('save_page', { number: number + 1 }))
}
