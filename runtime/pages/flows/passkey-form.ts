import type { Look } from '../look.ts'
import { address, markup, type Markup } from '../markup.ts'
import { actions, hidden, submit } from '../parts/index.ts'
import { flowWords } from './words/index.ts'

/** What a browser is asked for, and where its answer goes. */
export interface PasskeyForm {
  action: string
  /** PublicKeyCredentialRequestOptions or …CreationOptions in JSON (WebAuthn Level 3 §5.5, §5.4): nothing in it is secret. */
  options: Readonly<Record<string, unknown>>
  /** The challenge as we keep it; it comes back with the answer. */
  sealed: string
}

export interface PasskeyButton {
  label: string
  /** Where it is the one thing that most people want. */
  emphasis?: 'primary' | undefined
  /** What the form carries along besides. @default nothing */
  carries?: readonly (readonly [name: string, value: string])[]
}

/**
 * A button that asks the browser for a passkey; the page's script is {@link PASSKEY_SCRIPT}. Without a script it is not shown,
 * and it says why.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function passkeyForm(
  look: Pick<Look, 'language'>,
  { action, options, sealed }: PasskeyForm,
  { label, emphasis, carries = [] }: PasskeyButton,
): Markup {
  const { common, problem } = flowWords(look.language)
  return markup`<form method="post" action="${address(action)}" data-passkey="${JSON.stringify(options)}" hidden>
${hidden([['challenge', sealed], ['credential', ''], ...carries])}
${actions([submit({ label, emphasis })])}
<p class="problem" role="alert" hidden>${problem.passkey}</p></form>
<noscript><p class="note">${common.needsScript}</p></noscript>`
}

/**
 * Asks the authenticator and sends what it says by the form. A form with `challenge` and no `user` is a sign-in, which the
 * browser also offers in the address field (§5.1.4, conditional mediation); one with `user` makes a passkey.
 */
export const PASSKEY_SCRIPT = `
(() => {
  const form = document.querySelector('form[data-passkey]')
  if (!form || !window.PublicKeyCredential) return
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (sign) => sign.charCodeAt(0))
  const text = (buffer) => btoa(Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join(''))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
  const ids = (list) => (list || []).map((entry) => ({ ...entry, id: bytes(entry.id) }))
  const asked = JSON.parse(form.dataset.passkey)
  const publicKey = { ...asked, challenge: bytes(asked.challenge) }
  if (asked.user) {
    publicKey.user = { ...asked.user, id: bytes(asked.user.id) }
    publicKey.excludeCredentials = ids(asked.excludeCredentials)
  } else publicKey.allowCredentials = ids(asked.allowCredentials)
  const problem = form.querySelector('.problem')
  let asking
  const send = ({ id, rawId, type, authenticatorAttachment, response }) => {
    const said = asked.user
      ? { attestationObject: text(response.attestationObject), transports: response.getTransports ? response.getTransports() : [] }
      : { authenticatorData: text(response.authenticatorData), signature: text(response.signature), userHandle: response.userHandle && response.userHandle.byteLength ? text(response.userHandle) : null }
    const credential = { id, rawId: text(rawId), type, authenticatorAttachment, response: { clientDataJSON: text(response.clientDataJSON), ...said } }
    form.elements.namedItem('credential').value = JSON.stringify(credential)
    form.submit()
  }
  const ask = async (mediation) => {
    if (asking) asking.abort()
    asking = new AbortController()
    const { signal } = asking
    const credential = asked.user
      ? await navigator.credentials.create({ publicKey, signal })
      : await navigator.credentials.get({ publicKey, signal, ...(mediation ? { mediation } : {}) })
    if (credential) send(credential)
  }
  form.hidden = false
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    problem.hidden = true
    ask().catch((error) => { problem.hidden = error.name === 'AbortError' })
  })
  const offersItself = !asked.user && document.querySelector('input[autocomplete~="webauthn"]') && PublicKeyCredential.isConditionalMediationAvailable
  if (offersItself) {
    PublicKeyCredential.isConditionalMediationAvailable()
      .then((can) => can && ask('conditional'))
      .catch((error) => console.debug('No passkey was offered', error.name))
  }
})()
`
