// Sends a large file in parts (tus 1.0.0) before its form is: with progress, pauses, and going on where it stopped,
// after a lost connection or in a page opened anew. Without script the form takes the file with one request.
'use strict'

// A smaller file goes with the form. A part grows with the file, so that no file has many more than MOST parts.
const SMALL = 4_000_000
const PART = 4 << 20
const MOST = 500
const WAITS = [1000, 2000, 5000, 10_000, 15_000]
// As the page counts.
const MEGA = 1 << 20

document.addEventListener('DOMContentLoaded', () => {
  const field = document.querySelector('input[type=file][data-uploads]')
  if (field === null || !window.crypto.subtle) return
  const sending = new Sending(field)
  field.addEventListener('change', () => sending.choose(field.files[0]))
  for (const button of document.querySelectorAll('[data-drop]')) {
    button.hidden = false
    button.addEventListener('click', () => sending.dropListed(button.closest('[data-upload]')))
  }
})

const find = (id) => document.getElementById(id)

// What ends an upload for now, by the name of what is said about it.
class Stopped extends Error {}

class Sending {
  constructor(field) {
    this.field = field
    this.form = field.form
    this.address = field.dataset.uploads
    this.run = 0 // each choice of a file is a run of its own: an older one that still waits for an answer ends
    find('upload-pause').addEventListener('click', () => this.pause())
    find('upload-resume').addEventListener('click', () => {
      this.goOn()
      find('upload-pause').focus()
    })
    find('upload-drop').addEventListener('click', () => this.drop())
    this.form.addEventListener('submit', (event) => this.holdBack(event))
    window.addEventListener('online', () => this.wake?.())
  }

  async choose(file) {
    this.run++
    this.forget()
    this.file = this.upload = null
    find('uploading').hidden = file === undefined || file.size <= SMALL
    if (find('uploading').hidden) return
    this.file = file
    const begun = [...document.querySelectorAll('[data-upload]')].find((one) => this.isAlike(one.dataset))
    if (begun !== undefined) this.upload = this.address + begun.dataset.upload + '/'
    this.begun = begun
    await this.goOn()
  }

  isAlike(told) {
    return told.name === this.file.name && Number(told.size) === this.file.size
  }

  async goOn() {
    const run = ++this.run
    const isOn = () => run === this.run
    this.show('sending')
    this.setBusy(true)
    try {
      await this.send(isOn)
    } catch (error) {
      if (isOn()) this.stop(error)
    }
  }

  async send(isOn) {
    if (this.upload === null) {
      const made = await this.ask(isOn, this.address, 'POST', {
        'Upload-Length': this.file.size,
        'Upload-Metadata': `filename ${encode(this.file.name)},modified ${encode(String(this.file.lastModified))}`,
      })
      if (!isOn()) return
      this.upload = made.headers.get('Location')
    }
    if (this.begun !== undefined) await this.check(isOn)
    let offset = await this.findOffset(isOn)
    let refused = 0
    const step = Math.max(PART, Math.ceil(this.file.size / MOST))
    while (isOn() && offset < this.file.size) {
      this.tell(offset)
      const data = await this.read(offset, Math.min(offset + step, this.file.size))
      const sum = await window.crypto.subtle.digest('SHA-256', data)
      if (!isOn()) return
      const headers = {
        'Content-Type': 'application/offset+octet-stream',
        'Upload-Offset': offset,
        'Upload-Checksum': `sha256 ${toBase64(new Uint8Array(sum))}`,
      }
      const answer = await this.ask(isOn, this.upload, 'PATCH', headers, data)
      if (answer?.status === 204) {
        offset = Number(answer.headers.get('Upload-Offset'))
        refused = 0
        continue
      }
      // It arrived altered, elsewhere, or perhaps not at all: the server says where to go on.
      if (answer !== undefined && ++refused === WAITS.length) throw new Stopped('altered')
      if (refused > 0) await this.wait(WAITS[refused - 1])
      offset = await this.findOffset(isOn)
    }
    if (isOn()) this.finish()
  }

  // Whether the parts that are there already are of this file: it reads the file again as far as it was sent.
  async check(isOn) {
    this.show('checking')
    const { modified } = this.begun.dataset
    if (modified && modified !== String(this.file.lastModified)) throw new Stopped('other')
    const { parts } = await (await this.ask(isOn, this.upload, 'GET', {})).json()
    let at = 0
    for (const part of parts) {
      const sum = await window.crypto.subtle.digest('SHA-256', await this.read(at, at + part.size))
      if (!isOn()) return
      if (toHex(new Uint8Array(sum)) !== part.sha256) throw new Stopped('other')
      at += part.size
      this.tell(at)
    }
    this.begun = undefined
    this.show('sending')
  }

  async findOffset(isOn) {
    const answer = await this.ask(isOn, this.upload, 'HEAD', {})
    return answer === undefined ? 0 : Number(answer.headers.get('Upload-Offset'))
  }

  async read(from, until) {
    try {
      return await this.file.slice(from, until).arrayBuffer()
    } catch {
      throw new Stopped('unreadable')
    }
  }

  // Ask until there is an answer; a lost connection, or a server that is away, is waited for.
  async ask(isOn, address, method, headers, body) {
    for (let tried = 0; isOn(); tried++) {
      const answer = await this.askOnce(address, method, headers, body)
      if (!isOn()) return undefined // it was paused meanwhile, and says so
      if (answer !== null && answer.status < 500) {
        if (tried > 0) this.show('sending')
        return this.judge(answer)
      }
      this.show('waiting')
      await this.wait(WAITS[Math.min(tried, WAITS.length - 1)])
      if (method === 'PATCH') return undefined // it may have arrived: the server says where to go on
    }
    return undefined
  }

  async askOnce(address, method, headers, body) {
    const token = this.form.elements.csrfmiddlewaretoken.value
    const own = { 'Tus-Resumable': '1.0.0', 'X-CSRFToken': token, ...headers }
    try {
      return await fetch(address, { method, headers: own, body, redirect: 'error' })
    } catch {
      return null
    }
  }

  async judge(answer) {
    if (answer.ok || answer.status === 460) return answer
    if (answer.status === 403) throw new Stopped('signed-out')
    if (answer.status === 404) throw new Stopped('gone')
    if (answer.status === 409 && answer.headers.has('Upload-Offset')) return answer
    const said = new Stopped('')
    said.text = (await answer.text()).slice(0, 300)
    throw said
  }

  wait(time) {
    return new Promise((done) => {
      this.wake = done
      setTimeout(done, time)
    })
  }

  pause() {
    this.run++
    this.setBusy(false)
    this.show('paused')
    find('upload-resume').focus()
  }

  async drop() {
    this.run++
    this.setBusy(false)
    if (this.upload !== null) await this.askOnce(this.upload, 'DELETE', {})
    this.begun?.remove()
    this.file = this.upload = null
    this.field.value = ''
    this.show('deleted')
    find('upload-pause').hidden = find('upload-resume').hidden = find('upload-drop').hidden = true
    find('upload-progress').value = 0
    find('upload-far').textContent = ''
    this.field.focus()
  }

  async dropListed(line) {
    const answer = await this.askOnce(this.address + line.dataset.upload + '/', 'DELETE', {})
    if (answer === null || !answer.ok) return
    delete line.dataset.upload
    line.replaceChildren(this.say('deleted'))
    // The button that was pressed is gone: who reads with the keyboard goes on here, and is told.
    line.tabIndex = -1
    line.focus()
  }

  stop(error) {
    this.setBusy(false)
    if (!(error instanceof Stopped)) throw error
    if (error.message === 'gone') {
      this.upload = null
      this.begun = undefined
    }
    this.isStuck = ['other', 'unreadable'].includes(error.message)
    find('upload-resume').hidden = this.isStuck
    find('upload-state').textContent = error.message ? this.say(error.message) : error.text
  }

  // From here on the form names the upload, and the file does not go with it a second time.
  finish() {
    if (document.activeElement === find('upload-pause')) find('upload-drop').focus()
    this.setBusy(false)
    this.tell(this.file.size)
    this.show('arrived')
    find('upload-pause').hidden = find('upload-resume').hidden = true
    find('arrived')?.remove()
    const named = document.createElement('input')
    Object.assign(named, { type: 'hidden', name: 'upload', value: this.upload.split('/').at(-2), id: 'uploaded' })
    this.form.append(named)
    this.field.value = ''
    if (this.isToBeLodged) this.form.requestSubmit()
  }

  forget() {
    this.isToBeLodged = this.isStuck = false
    this.told = 0
    find('uploaded')?.remove()
  }

  holdBack(event) {
    if (!this.file || find('uploaded') !== null) return
    event.preventDefault()
    if (this.isStuck) {
      find('uploading').scrollIntoView({ block: 'nearest' })
      this.field.focus()
      return
    }
    this.isToBeLodged = true
    if (!this.isBusy) this.goOn()
    this.show('lodging')
  }

  setBusy(isBusy) {
    this.isBusy = isBusy
    find('upload-pause').hidden = !isBusy
    find('upload-resume').hidden = isBusy
    find('upload-drop').hidden = false
  }

  tell(sent) {
    const all = this.file.size
    find('upload-progress').value = sent / all
    const megas = Math.ceil(all / MEGA)
    const arrived = sent === all ? megas : Math.floor(sent / MEGA)
    const words = this.say('of').replace('{1}', arrived).replace('{2}', megas)
    find('upload-far').textContent = words
    // Said aloud for each tenth, and no oftener.
    const tenth = Math.floor((10 * sent) / all)
    const isNew = tenth > this.told && tenth < 10
    if (isNew) find('upload-state').textContent = this.say('percent').replace('{1}', 10 * tenth)
    this.told = tenth
  }

  show(name) {
    find('upload-state').textContent = this.say(name)
  }

  say(name) {
    return find('upload-words').content.querySelector(`[data-for="${name}"]`).textContent
  }
}

const toBase64 = (bytes) => window.btoa(String.fromCharCode(...bytes))
const encode = (text) => toBase64(new TextEncoder().encode(text))
const toHex = (bytes) => Array.from(bytes, (one) => one.toString(16).padStart(2, '0')).join('')
