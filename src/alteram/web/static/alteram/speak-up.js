// Speaking up with script: questions adapt in place, a draft is kept where that is asked for, and the receipt phrase is
// made here, so that the server is sent only what is derived from it. Without script the server does the same.
'use strict'

const SALT = 'alteram/receipt-phrase/v1'
const KEPT_PHRASE = 'alteram-receipt-phrase'
const KEPT_DRAFT = 'alteram-draft'
const encode = (text) => new TextEncoder().encode(text)
const toHex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')

// -- the phrase: the same derivation as core/vault/phrases.py

async function loadWords(address) {
  const answer = await fetch(address)
  const words = (await answer.text()).trim().split('\n')
  if (!answer.ok || words.length !== 2048) throw new Error('no list of words')
  return words
}

async function findCheck(entropy) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', entropy))
  return digest[0] >> 4
}

async function spell(entropy, words) {
  let value = 0n
  for (const byte of entropy) value = (value << 8n) | BigInt(byte)
  value = (value << 4n) | BigInt(await findCheck(entropy))
  const places = []
  for (let at = 11n; at >= 0n; at--) places.push(Number((value >> (11n * at)) & 2047n))
  return places.map((place) => words[place])
}

async function read(text, words) {
  const typed = text.toLowerCase().match(/[a-z]+/g) || []
  if (typed.length !== 12) return { problem: 'count', said: '' }
  let value = 0n
  for (const word of typed) {
    const place = words.findIndex((one) => one.slice(0, 4) === word.slice(0, 4) && one.startsWith(word))
    if (place < 0) return { problem: 'word', said: ` ${word}` }
    value = (value << 11n) | BigInt(place)
  }
  const entropy = new Uint8Array(16)
  for (let at = 0; at < 16; at++) entropy[at] = Number((value >> BigInt(4 + 8 * (15 - at))) & 255n)
  if ((await findCheck(entropy)) !== Number(value & 15n)) return { problem: 'check', said: '' }
  return { entropy }
}

async function deriveSignIn(entropy, organisation) {
  const key = await crypto.subtle.importKey('raw', entropy, 'HKDF', false, ['deriveBits'])
  const how = { name: 'HKDF', hash: 'SHA-256', salt: encode(SALT), info: encode(`sign-in\0${organisation}`) }
  return toHex(new Uint8Array(await crypto.subtle.deriveBits(how, key, 256)))
}

// A phrase that was made waits in this tab alone until it was shown once.
async function makePhrase(form) {
  const words = await loadWords(form.dataset.words)
  const entropy = crypto.getRandomValues(new Uint8Array(16))
  const phrase = { words: await spell(entropy, words), signIn: await deriveSignIn(entropy, form.dataset.organisation) }
  sessionStorage.setItem(KEPT_PHRASE, JSON.stringify(phrase))
  if (!sessionStorage.getItem(KEPT_PHRASE)) throw new Error('nothing can be kept in this tab')
  return phrase
}

function takePhrase() {
  try {
    const kept = sessionStorage.getItem(KEPT_PHRASE)
    sessionStorage.removeItem(KEPT_PHRASE)
    return kept ? JSON.parse(kept) : null
  } catch {
    return null
  }
}

function prepareSending(form) {
  const send = form.querySelector('[data-send]')
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    send.disabled = true // a second click sends nothing
    try {
      const phrase = takePhrase() || (await makePhrase(form))
      sessionStorage.setItem(KEPT_PHRASE, JSON.stringify(phrase))
      form.elements.sign_in.value = phrase.signIn
      form.elements.seed.disabled = true
    } catch {
      form.elements.sign_in.value = '' // the server makes the phrase then
      form.elements.seed.disabled = false
      takePhrase()
    }
    form.submit()
  })
  window.addEventListener('pageshow', () => {
    send.disabled = false
  })
}

// -- shown once, and two words asked back

function showPhrase(part) {
  const phrase = takePhrase()
  if (!phrase) {
    document.querySelector('[data-lost]').hidden = false
    return
  }
  clearDraft()
  const list = part.querySelector('[data-words]')
  for (const word of phrase.words) list.appendChild(document.createElement('li')).textContent = word
  part.hidden = false
  const form = document.querySelector('[data-asked-back]')
  const places = choosePlaces()
  form.querySelectorAll('[data-place]').forEach((one, at) => {
    one.textContent = places[at]
  })
  const turn = (asking) => {
    part.hidden = asking
    form.hidden = !asking
  }
  part.querySelector('[data-written]').addEventListener('click', () => {
    turn(true)
    form.querySelector('input').focus()
  })
  form.querySelector('[data-show-again]').addEventListener('click', () => turn(false))
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const typed = Array.from(form.querySelectorAll('input'), (one) => one.value.trim().toLowerCase())
    if (places.every((place, at) => phrase.words[place - 1] === typed[at])) {
      window.location.assign(form.dataset.next)
    } else {
      form.querySelector('[data-wrong]').hidden = false
    }
  })
}

function choosePlaces() {
  const random = crypto.getRandomValues(new Uint32Array(2))
  const first = random[0] % 12
  const second = (first + 1 + (random[1] % 11)) % 12
  return [first + 1, second + 1].sort((a, b) => a - b)
}

// -- coming back: the words stay here

function prepareComingBack(form) {
  const problem = document.querySelector('[data-problem]')
  const field = form.elements.phrase
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    try {
      const found = await read(field.value, await loadWords(form.dataset.words))
      if (found.problem) {
        problem.firstElementChild.textContent = field.dataset[found.problem] + found.said
        problem.hidden = false
        field.focus()
        return
      }
      form.elements.sign_in.value = await deriveSignIn(found.entropy, form.dataset.organisation)
      field.disabled = true
    } catch {
      field.disabled = false // the server reads the words then
    }
    form.submit()
  })
  window.addEventListener('pageshow', () => {
    field.disabled = false
  })
}

// -- questions that adapt, and the draft

function adapt(form) {
  const chosen = new Set(Array.from(form.querySelectorAll('[data-adapts]:checked'), (one) => one.value))
  for (const part of form.querySelectorAll('[data-asked]')) {
    part.hidden = !part.dataset.asked.split(' ').some((one) => chosen.has(one))
  }
}

function clearDraft() {
  try {
    localStorage.removeItem(KEPT_DRAFT)
  } catch {
    // nothing is kept where nothing can be
  }
}

function prepareDraft(form) {
  const part = form.querySelector('[data-draft-part]')
  const box = form.querySelector('[data-keep-draft]')
  const status = form.querySelector('[data-draft-status]')
  const fields = Array.from(form.querySelectorAll('[data-draft]'))
  const tell = () => {
    status.textContent = box.checked ? status.dataset.kept : status.dataset.cleared
  }
  const save = () => {
    if (!box.checked) return
    localStorage.setItem(KEPT_DRAFT, JSON.stringify(Object.fromEntries(fields.map((one) => [one.name, one.value]))))
  }
  let kept
  try {
    kept = JSON.parse(localStorage.getItem(KEPT_DRAFT) || 'null')
  } catch {
    return
  }
  part.hidden = false
  if (kept) {
    box.checked = true
    for (const one of fields) if (!one.value && kept[one.name]) one.value = kept[one.name]
    tell()
  }
  box.addEventListener('change', () => {
    if (box.checked) save()
    else clearDraft()
    tell()
  })
  form.addEventListener('input', save)
  form.querySelector('[data-clear-draft]').addEventListener('click', () => {
    clearDraft()
    box.checked = false
    tell()
  })
}

document.addEventListener('DOMContentLoaded', () => {
  const report = document.querySelector('[data-report]')
  if (report) {
    report.addEventListener('change', () => adapt(report))
    adapt(report)
    prepareDraft(report)
    prepareSending(report)
  }
  const shown = document.querySelector('[data-in-browser]')
  if (shown) showPhrase(shown)
  else if (document.querySelector('[data-phrase]')) clearDraft()
  const back = document.querySelector('[data-come-back]')
  if (back) prepareComingBack(back)
})
