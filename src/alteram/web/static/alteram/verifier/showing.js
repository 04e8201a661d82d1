// What a check found, as headings and tables. Everything is put in as text: a file can bring no markup of its own.
import { COSIGNATURE, MLDSA, PLAIN } from './notes.js'
import { tellTime, writeJson } from './spelling.js'
import { knows, say } from './words.js'

const MOST_LISTED = 500
const KINDS = new Map([[PLAIN, 'Ed25519'], [COSIGNATURE, 'Ed25519'], [MLDSA, 'ML-DSA-44']])
const STATES = { pass: 'PASS', part: 'UNKNOWN', fail: 'FAIL' }

export function build(name, attributes = {}, ...children) {
  const element = document.createElement(name)
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value)
  element.append(...children)
  return element
}

export function buildVerdict({ file }, verdict) {
  const state = build('span', { class: STATES[verdict] }, say(verdict))
  return build('h2', {}, state, file ? ` ${file}` : '')
}

// Rows of a term and what it is; null leaves a row out.
export function buildFacts(rows) {
  const told = rows.filter(([, value]) => value !== null)
  return build('dl', { class: 'facts' }, ...told.flatMap(([key, value]) => [
    build('dt', {}, say(key)),
    build('dd', {}, value),
  ]))
}

export function buildTable(caption, columns, rows) {
  const head = build('tr', {}, ...columns.map((one) => build('th', { scope: 'col' }, say(one))))
  const body = rows.map(([first, ...rest]) =>
    build('tr', {}, build('th', { scope: 'row' }, first), ...rest.map((one) => build('td', {}, one))),
  )
  const table = build('table', { class: 'list' })
  table.append(build('caption', {}, caption), build('thead', {}, head), build('tbody', {}, ...body))
  return build('div', { class: 'wide' }, table)
}

export const buildCode = (text) => build('code', { class: 'digest' }, text)
export const buildState = (state, text) => build('span', { class: state }, text)

export function buildSigners(signers) {
  const rows = signers.map((one) => [
    one.name,
    say(one.isWitness === null ? 'as_unknown' : one.isWitness ? 'as_witness' : 'as_log'),
    KINDS.get(one.kind) ?? say('as_unknown'),
    one.time ? tellTime(one.time) : say('no_time'),
    one.checked ? buildState('PASS', say('good')) : buildState('UNKNOWN', say(tellUnchecked(one))),
  ])
  return buildTable(say('signers'), ['name', 'part_of', 'kind', 'time', 'state'], rows)
}

const tellUnchecked = (signer) => (signer.kind === MLDSA ? 'not_in_browser' : 'not_checked')

export function buildUnchecked(unchecked) {
  if (!unchecked.length) return ''
  const lines = unchecked.map((one) => build('li', {}, say(`unchecked_${one.replace('-', '_')}`)))
  return build('div', { class: 'note' }, build('h3', {}, say('unchecked')), build('ul', {}, ...lines))
}

export function tellWitnessed(signers) {
  const names = signers.filter((one) => one.isWitness && one.checked).map((one) => one.name)
  return names.length ? say('witnessed_yes', { names: names.join(', ') }) : say('witnessed_no')
}

export function showExport(shown, result) {
  const verdict = result.unchecked.length ? 'part' : 'pass'
  const section = build('section', { class: 'checked' }, buildVerdict(shown, verdict))
  section.append(
    buildFacts([
      ['organisation', result.organisation],
      ['matter', result.matter],
      ['log', buildCode(result.head.origin)],
      ['size', String(result.head.size)],
      ['trust', say(result.isOwnPolicy ? 'trust_file' : 'trust_yours')],
      ['witnessed', tellWitnessed(result.signers)],
      ['rules', result.absent.length ? buildCode(result.absent.join(' ')) : null],
    ]),
    buildUnchecked(result.unchecked),
    buildSigners(result.signers),
    ...result.follows.map((one) => build('p', {}, say('follows', one))),
    ...result.streams.flatMap(buildStream),
  )
  shown.results.append(section)
  return verdict === 'pass' && result.isOwnPolicy ? 'own' : verdict
}

function buildStream(stream) {
  const counts = {
    count: stream.entries.length,
    complete: say(stream.isComplete ? 'complete' : 'incomplete'),
    closed: say(stream.isClosed ? 'closed' : 'open'),
  }
  const listed = stream.entries.slice(0, MOST_LISTED)
  const columns = ['entry', 'act', 'own_time', 'recorded', 'disclosed', 'author']
  const left = stream.entries.length - listed.length
  return [
    build('h3', {}, say('stream', { name: stream.name })),
    buildTable(say('stream_counts', counts), columns, listed.map(buildEntry)),
    left ? build('p', {}, say('more', { count: left })) : '',
    ...listed.filter((one) => one.claims.size).map(buildContent),
  ]
}

function buildEntry(entry) {
  const own = build('span', { class: 'part' }, entry.at ?? say('is_withheld'))
  if (!entry.isTimeBorneOut) own.append(build('br'), buildState('UNKNOWN', say('outside')))
  return [
    String(entry.number),
    entry.act ?? say('is_withheld'),
    own,
    buildBounds(entry),
    say(entry.claims.has('fields') ? 'counts' : 'decoys', entry),
    say(`author_${entry.author}`),
  ]
}

// Both bounds, a line each.
function buildBounds({ notBefore, notAfter }) {
  const tell = (key, bound) => {
    const who = bound.witnessed ? bound.by.join(', ') : say('log_alone')
    return build('div', {}, say(key, { time: tellTime(bound.time), who }))
  }
  const told = []
  if (notBefore) told.push(tell('not_before', notBefore))
  if (notAfter) told.push(tell('not_after', notAfter))
  return build('div', {}, ...(told.length ? told : [say('unbounded')]))
}

function buildContent(entry) {
  const title = say('content', { number: entry.number })
  const rows = Array.from(entry.claims, ([name, value]) => [
    name,
    typeof value === 'string' ? build('span', { class: 'prose' }, value) : buildCode(writeJson(value)),
  ])
  return build('details', {}, build('summary', {}, title), buildTable(title, ['claim', 'value'], rows))
}

export function showReceipt(shown, result, policy) {
  // The record key's signature is never in a receipt: that it was not checked makes the receipt no worse.
  const isWhole = result.unchecked.every((one) => one === 'record-key')
  const verdict = isWhole ? 'pass' : 'part'
  const section = build('section', { class: 'checked' }, buildVerdict(shown, verdict))
  section.append(
    buildFacts([
      ['log', buildCode(result.head.origin)],
      ['size', String(result.head.size)],
      ['index', String(result.index)],
      ['state', say(result.isPlaced ? 'placed' : 'not_placed')],
      ['trust', say(policy === null ? 'trust_nobody' : 'trust_yours')],
      ['witnessed', policy === null ? null : tellWitnessed(result.signers)],
      ['recorded', policy === null || !result.isPlaced ? null : buildBounds({ notBefore: null, notAfter: result.latest })],
      ['shown', result.entry && say('decoys', result.entry)],
    ]),
    buildUnchecked(result.unchecked),
    buildSigners(result.signers),
  )
  shown.results.append(section)
  return verdict
}

export function showFailure(shown, failure) {
  const family = `reason_${failure.code.split('.')[0]}`
  const section = build('section', { class: 'checked' }, buildVerdict(shown, 'fail'))
  section.append(
    build('h3', {}, say('broken')),
    buildFacts([
      ['member', failure.where ? buildCode(failure.where) : say('whole_file')],
      ['reason', knows(family) ? say(family) : null],
      ['detail', build('span', { lang: 'en' }, buildCode(failure.code), ` ${failure.what}`)],
    ]),
  )
  shown.results.append(section)
}
