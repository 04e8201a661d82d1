// A recording beside what is said in it: a line that is pressed plays from there, the line that plays is marked, and a
// part is chosen by the player, by dragging over the waveform, or with the arrow keys. Without this, times are links.
'use strict'

const player = document.getElementById('player')
const wave = document.querySelector('[data-wave]')
const length = wave ? Number(wave.dataset.wave) / 1000 : 0
const WIDTH = 1000 // of the waveform's own units

for (const one of document.querySelectorAll('[data-scripted]')) one.hidden = !player

function tellTime(seconds) {
  const tenths = Math.round(seconds * 10)
  const [hours, minutes, rest] = [Math.floor(tenths / 36000), Math.floor(tenths / 600) % 60, tenths % 600]
  const clock = hours ? `${hours}:${String(minutes).padStart(2, '0')}` : String(minutes)
  return `${clock}:${String(Math.floor(rest / 10)).padStart(2, '0')}${rest % 10 ? `.${rest % 10}` : ''}`
}

// The seconds of a time such as 1:02:03.5; not a number for anything else.
function readTime(text) {
  if (!/^(?:(?:\d+:)?\d+:)?\d+(?:\.\d+)?$/.test(text.trim())) return NaN
  return text.trim().split(':').reduce((sum, one) => sum * 60 + Number(one), 0)
}

function play(from) {
  player.currentTime = from
  player.play().catch(() => {}) // a browser that plays nothing by itself has moved there all the same
}

function followLines() {
  const lines = [...document.querySelectorAll('[data-cues] li')]
  for (const line of lines) {
    line.querySelector('a').addEventListener('click', (event) => {
      event.preventDefault()
      play(Number(line.dataset.from) / 1000)
    })
  }
  player.addEventListener('timeupdate', () => {
    const now = player.currentTime * 1000
    for (const line of lines) {
      const isNow = now >= Number(line.dataset.from) && now < Number(line.dataset.until)
      if (isNow) line.setAttribute('aria-current', 'true')
      else line.removeAttribute('aria-current')
    }
    if (wave && length) {
      const place = (player.currentTime / length) * WIDTH
      for (const end of ['x1', 'x2']) wave.querySelector('[data-now]').setAttribute(end, place)
    }
  })
}

function choosePart(form) {
  const [begin, end] = ['begin', 'end'].map((name) => form.elements[name])
  const chosen = wave && wave.querySelector('[data-chosen]')
  let stopsAt = null

  const show = () => {
    const [from, until] = [readTime(begin.value), readTime(end.value)]
    if (!chosen || !length) return
    chosen.setAttribute('x', from >= 0 ? (Math.min(from, length) / length) * WIDTH : 0)
    chosen.setAttribute('width', until > from ? ((Math.min(until, length) - from) / length) * WIDTH : 0)
  }
  const set = (field, seconds) => {
    field.value = tellTime(Math.max(0, length ? Math.min(seconds, length) : seconds))
    show()
  }
  for (const field of [begin, end]) {
    field.addEventListener('input', show)
    // A second up or down, ten with shift: choosing needs no pointer.
    field.addEventListener('keydown', (event) => {
      const step = { ArrowUp: 1, ArrowDown: -1 }[event.key]
      if (!step) return
      event.preventDefault()
      set(field, (readTime(field.value) || 0) + step * (event.shiftKey ? 10 : 1))
    })
  }
  form.querySelector('[data-begin-here]').addEventListener('click', () => set(begin, player.currentTime))
  form.querySelector('[data-end-here]').addEventListener('click', () => set(end, player.currentTime))
  form.querySelector('[data-play-part]').addEventListener('click', () => {
    stopsAt = readTime(end.value)
    play(readTime(begin.value) || 0)
  })
  player.addEventListener('timeupdate', () => {
    if (stopsAt !== null && player.currentTime >= stopsAt) {
      stopsAt = null
      player.pause()
    }
  })
  if (wave && length) drag((from, until) => {
    set(begin, from)
    set(end, until)
  })
  show()
}

function drag(take) {
  wave.setAttribute('data-dragged', '')
  let from = null
  const find = (event) => {
    const box = wave.getBoundingClientRect()
    return Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) * length
  }
  wave.addEventListener('pointerdown', (event) => {
    from = find(event)
    wave.setPointerCapture(event.pointerId)
    event.preventDefault()
  })
  wave.addEventListener('pointermove', (event) => {
    if (from === null) return
    const to = find(event)
    take(Math.min(from, to), Math.max(from, to))
  })
  for (const name of ['pointerup', 'pointercancel']) wave.addEventListener(name, () => { from = null })
}

function typeLines(button) {
  const text = document.getElementById('id_text')
  button.addEventListener('click', () => {
    const begun = text.value && !text.value.endsWith('\n') ? '\n' : ''
    text.value += `${begun}${tellTime(player.currentTime)} `
    text.focus()
  })
}

if (player) {
  followLines()
  const form = document.querySelector('[data-choosing]')
  if (form) choosePart(form)
  const button = document.querySelector('[data-add-time]')
  if (button) typeLines(button)
}
