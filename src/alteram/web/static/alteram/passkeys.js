// Passkeys: shows what needs one only where the browser can use them, and says in the page when one did not work.
// The ceremony itself is allauth's (mfa/js/webauthn.js). A browser ties a passkey to a name: a number will not do.
'use strict'

document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  for (const problem of document.querySelectorAll('[data-passkey-problem]')) {
    problem.hidden = false
  }
})

document.addEventListener('DOMContentLoaded', () => {
  const named = !/^[0-9.]+$|^\[/.test(window.location.hostname)
  const usable = named && Boolean(window.PublicKeyCredential)
  for (const part of document.querySelectorAll('[data-with-passkeys]')) {
    part.hidden = !usable
  }
  for (const part of document.querySelectorAll('[data-without-passkeys]')) {
    part.hidden = usable
  }
})
