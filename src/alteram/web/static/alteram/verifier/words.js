// What the page says, in the reader's language: the server put it into the page.

const words = JSON.parse(document.getElementById('words').textContent)

export function say(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole))
}

export const knows = (key) => Object.hasOwn(words, key)
