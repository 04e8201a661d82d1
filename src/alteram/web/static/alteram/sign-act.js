// Asks the passkey that signs for somebody to sign the digest of their act, and sends the form with its answer.
'use strict'

document.addEventListener('DOMContentLoaded', () => {
  for (const button of document.querySelectorAll('[data-sign]')) {
    button.addEventListener('click', () => sign(button))
  }
})

async function sign(button) {
  const problem = document.querySelector('[data-passkey-problem]')
  problem.hidden = true
  button.disabled = true
  try {
    const id = read(button.dataset.credential)
    const publicKey = {
      challenge: read(button.dataset.sign),
      rpId: window.location.hostname,
      allowCredentials: [{ type: 'public-key', id }],
      userVerification: 'preferred',
      timeout: 120_000,
    }
    const { response } = await navigator.credentials.get({ publicKey })
    const fields = button.form.elements
    fields.authenticator_data.value = write(response.authenticatorData)
    fields.client_data.value = write(response.clientDataJSON)
    fields.signature.value = write(response.signature)
    button.form.submit()
  } catch {
    problem.hidden = false
    button.disabled = false
  }
}

// base64url without padding, both ways.
function read(text) {
  const plain = window.atob(text.replaceAll('-', '+').replaceAll('_', '/'))
  return Uint8Array.from(plain, (one) => one.charCodeAt(0))
}

function write(buffer) {
  const plain = String.fromCharCode(...new Uint8Array(buffer))
  return window.btoa(plain).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}
