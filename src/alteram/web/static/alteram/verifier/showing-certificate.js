// What a certificate says: what is not known first, and nothing green for what was merely not contradicted.
import { build, buildCode, buildFacts, buildSigners, buildState, buildTable, buildUnchecked, buildVerdict } from './showing.js'
import { tellTime } from './spelling.js'
import { say } from './words.js'

export function showCertificate(shown, result) {
  const verdict = result.unchecked.length ? 'part' : 'pass'
  const section = build('section', { class: 'checked' }, buildVerdict(shown, verdict))
  const { said } = result
  section.append(
    build('h3', {}, say('not_known')),
    buildOpen(said.get('matter')),
    buildLines(say('requirements'), said.get('requirements')),
    said.get('results').length ? buildLines(say('named_results'), said.get('results')) : '',
    build('div', { class: 'note' }, build('p', {}, say('not_assessed'))),
    buildFacts([
      ['organisation', said.get('organisation')],
      ['as_of', said.get('as_of')],
      ['record_key', buildCode(`${result.kid} ${result.key}`)],
      ['log', buildCode(result.head.origin)],
      ['size', String(result.head.size)],
      ['trust', say(result.isOwnPolicy ? 'trust_file' : 'trust_yours')],
      ['not_older', result.earliest ? tellTime(result.earliest.time) : say('unbounded')],
      ['in_log_by', result.recorded ? tellTime(result.recorded.time) : say('unbounded')],
      ['person_signed', say('person_signed_of', { signed: said.get('matter').get('signed'), entries: said.get('matter').get('entries') })],
      ['departures', said.get('departures').map((one) => `${one.get('requirement')} (${one.get('entry')})`).join(', ') || say('none')],
      ['witnesses', buildWitnesses(result)],
      ['digest', buildCode(result.digest)],
    ]),
    buildUnchecked(result.unchecked),
    buildSigners(result.signers),
    build('p', {}, say('limits')),
  )
  shown.results.append(section)
  return verdict === 'pass' && result.isOwnPolicy ? 'own' : verdict
}

function buildOpen(matter) {
  const told = matter.get('alleged').map((seq) => say('alleged', { seq }))
  if (matter.get('asserted')) told.push(say('asserted', { number: matter.get('asserted') }))
  if (matter.get('destroyed')) told.push(say('destroyed', { number: matter.get('destroyed') }))
  if (!told.length) told.push(say('none_alleged'))
  return build('ul', {}, ...told.map((one) => build('li', {}, one)))
}

function buildLines(caption, lines) {
  const rows = lines.map((one) => [
    one.get('title'),
    one.get('uncontradicted') ? buildState('uncontradicted', say('uncontradicted')) : buildState(one.get('result'), one.get('result')),
    one.get('source') ? `${one.get('source')} (${one.get('status')})` : say('own_rules'),
    one.get('elsewhere') ? say('elsewhere') : one.get('entries').join(', ') || say('none'),
    String(one.get('signed')),
  ])
  return buildTable(caption, ['requirement', 'result', 'source', 'rests_on', 'by_person'], rows)
}

function buildWitnesses(result) {
  const known = new Set(result.signers.filter((one) => one.isWitness && one.checked).map((one) => one.name))
  const told = result.said.get('witnesses').map((one) => {
    const name = one.get('name')
    if (!known.has(name)) return say('witness_unknown', { name })
    return say(one.get('independent') ? 'witness_independent' : 'witness_near', { name })
  })
  return told.join('; ') || say('witnessed_no')
}
