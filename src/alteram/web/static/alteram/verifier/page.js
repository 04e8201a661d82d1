// The page that checks files: what was chosen, how far the check is, and what it found. Nothing leaves the browser.
import { verifyCertificate } from './certificate.js'
import { canVerify } from './digests.js'
import { adjoin, verifyExcerpt } from './excerpt.js'
import { verifyExport } from './export.js'
import { Failure } from './failure.js'
import { encode, isAscii, toLatin1 } from './octets.js'
import { readPolicy } from './policy.js'
import { verifyReceipt } from './receipt.js'
import { FIRST_LINE } from './receipts.js'
import { showExport, showFailure, showReceipt } from './showing.js'
import { showCertificate } from './showing-certificate.js'
import { showAdjoined, showExcerpt } from './showing-excerpt.js'
import { say } from './words.js'

const LARGEST = 512 << 20
const EVERY = 100 // milliseconds between two words about progress

const CLASSES = { fail: 'error', part: 'warning' }

const find = (name) => document.querySelector(name)

function tell(text, kind = '') {
  const line = document.createElement('p')
  line.className = kind
  line.textContent = text
  find('[data-status]').append(line)
}

function clear() {
  find('[data-status]').replaceChildren()
  find('[data-results]').replaceChildren()
}

// Lets the page draw and the reader be told, now and then.
function beginProgress(file) {
  const line = document.createElement('p')
  line.textContent = say('reading', { file })
  find('[data-status]').append(line)
  let last = performance.now()
  return {
    end: () => line.remove(),
    tell: async (done, all) => {
      if (performance.now() - last < EVERY) return
      line.textContent = say('progress', { file, done, all })
      await new Promise((resolve) => setTimeout(resolve))
      last = performance.now()
    },
  }
}

async function readFiles(input) {
  const files = []
  for (const file of input.files) {
    if (file.size > LARGEST) {
      tell(say('too_large', { file: file.name }), 'error')
      continue
    }
    try {
      const bytes = new Uint8Array(await file.arrayBuffer())
      files.push({ name: file.name, bytes, kind: findKind(file.name, bytes) })
    } catch {
      tell(say('unreadable', { file: file.name }), 'error')
    }
  }
  return files
}

// What a file is, by its content; a broken one, by its name. What is left is taken for an export, and fails as one.
function findKind(name, bytes) {
  const start = toLatin1(bytes.subarray(0, FIRST_LINE.length))
  if (start.startsWith('PK') || name.endsWith('.alteram')) return 'export'
  if (start === FIRST_LINE || name.endsWith('.tlog-proof')) return 'receipt'
  if (start.startsWith('alteram-excerpt/') || name.endsWith('.excerpt')) return 'excerpt'
  if (name.endsWith('.certificate') || start.startsWith('{')) return 'certificate'
  if (name.endsWith('.sd-jwt') || (bytes.length && isAscii(bytes) && bytes.at(-1) === 0x7e)) return 'entry'
  if (name.endsWith('.leaf') || bytes[0] === 3) return 'statement'
  return 'export'
}

async function readTrust() {
  const pasted = find('#check-policy').value.trim()
  const [file] = find('#check-policy-file').files
  if (!pasted && !file) return null
  const bytes = pasted ? encode(`${pasted.replaceAll('\r\n', '\n')}\n`) : new Uint8Array(await file.arrayBuffer())
  await readPolicy(bytes)
  return bytes
}

// What a receipt is of: the file of the same name, else the only one there is, else the hash that was typed.
function findSubject(receipt, files, leafHash) {
  const subjects = files.filter((one) => one.kind === 'entry' || one.kind === 'statement')
  const stem = (name) => name.replace(/\.[^.]*$/, '')
  const receipts = files.filter((one) => one.kind === 'receipt')
  const isAlone = subjects.length === 1 && receipts.length === 1
  const found = subjects.find((one) => stem(one.name) === stem(receipt.name)) ?? (isAlone ? subjects[0] : null)
  if (found) return { [found.kind]: found.bytes }
  return leafHash === null ? null : { leafHash }
}

function readLeafHash() {
  const typed = find('#check-leaf').value.trim().toLowerCase()
  const isHash = /^[0-9a-f]{64}$/.test(typed)
  find('[data-leaf-problem]').hidden = !typed || isHash
  return isHash ? Uint8Array.from(typed.match(/../g), (one) => parseInt(one, 16)) : null
}

async function checkFile(file, files, policy, leafHash) {
  const progress = beginProgress(file.name)
  const shown = { file: file.name, results: find('[data-results]') }
  let verdict = 'fail'
  try {
    if (file.kind === 'export') {
      verdict = showExport(shown, await verifyExport(file.bytes, policy, progress.tell))
    } else if (file.kind === 'certificate') {
      verdict = showCertificate(shown, await verifyCertificate(file.bytes, policy))
    } else if (file.kind === 'excerpt') {
      file.verified = await verifyExcerpt(file.bytes, policy)
      verdict = showExcerpt(shown, file.verified)
    } else {
      verdict = showReceipt(shown, await verifyReceipt(file.bytes, policy, findSubject(file, files, leafHash)), policy)
    }
  } catch (error) {
    if (!(error instanceof Failure)) {
      tell(say('fault', { file: file.name }), 'error')
      throw error
    }
    showFailure(shown, error)
  } finally {
    progress.end()
  }
  tell(say(`said_${verdict}`, { file: file.name }), CLASSES[verdict] ?? '')
}

// How every further excerpt lies to the first that verified.
function compareExcerpts(files) {
  const [one, ...answers] = files.filter((each) => each.verified)
  for (const answer of answers) {
    const shown = { file: answer.name, results: find('[data-results]') }
    try {
      showAdjoined(shown, { file: one.name, answer: answer.name }, adjoin(one.verified, answer.verified))
    } catch (error) {
      if (!(error instanceof Failure)) throw error
      showFailure(shown, error)
      tell(say('said_other', { file: one.name, answer: answer.name }), CLASSES.fail)
    }
  }
}

async function check() {
  clear()
  const files = await readFiles(find('#check-files'))
  const checked = files.filter((one) => ['export', 'receipt', 'certificate', 'excerpt'].includes(one.kind))
  if (!find('#check-files').files.length) tell(say('choose'), 'error')
  else if (files.length && !checked.length) tell(say('nothing_here'), 'error')
  if (!checked.length) return
  let policy
  try {
    policy = await readTrust()
  } catch (error) {
    tell(say('bad_policy'), 'error')
    find('[data-trust]').open = true
    if (error instanceof Failure) showFailure({ file: '', results: find('[data-results]') }, error)
    return
  }
  const leafHash = readLeafHash()
  for (const file of checked) await checkFile(file, files, policy, leafHash)
  compareExcerpts(checked)
}

async function begin() {
  if (!(await canVerify())) {
    find('[data-incapable]').hidden = false
    return
  }
  const form = find('[data-check]')
  const button = form.querySelector('button')
  form.hidden = false
  let isBusy = false
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (isBusy) return
    isBusy = true
    button.setAttribute('aria-disabled', 'true')
    try {
      await check()
    } finally {
      isBusy = false
      button.removeAttribute('aria-disabled')
    }
  })
}

begin()
