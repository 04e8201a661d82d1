// Passkeys: shows what needs one only where the browser knows them, and says in the page when one did not work.
// The ceremony itself is allauth's (mfa/js/webauthn.js).
'use strict'

document.addEventListener('allauth.error', (event) => {
  event.preventDefault()
  for (const problem of document.querySelectorAll('[data-passkey-problem]')) {
    problem.hidden = false
  }
})

document.addEventListener('DOMContentLoaded', () => {
  for (const part of document.querySelectorAll('[data-with-passkeys]')) {
    part.hidden = !window.PublicKeyCredential
  }
  for (const part of document.querySelectorAll('[data-without-passkeys]')) {
    part.hidden = Boolean(window.PublicKeyCredential)
  }
})
