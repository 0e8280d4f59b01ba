import { errorPage, layout, markup, type Markup, plainLook } from '../../../runtime/pages/index.ts'
import type { AssertionRefusal, Identity } from './assertion.ts'
import type { ReceivedHeader } from './received.ts'

export interface WelcomePageOptions {
  title: string
  identity: Identity
  /** Method and target of the request, as the app got them. */
  method: string
  target: string
  headers: readonly ReceivedHeader[]
  now: Date
}

/** Shows someone who is let in what the app knows of them. */
export function welcomePage({ title, identity, method, target, headers, now }: WelcomePageOptions): string {
  const { subject, name, email, groups, expiresAt } = identity
  const shown = name ?? email ?? subject
  const seconds = Math.max(0, Math.round((expiresAt.getTime() - now.getTime()) / 1_000))
  return layout(plainLook(title), {
    title: shown,
    size: 'wide',
    foot: 'A sample app behind Gatewright',
    body: markup`<div class="person">
<span class="avatar" aria-hidden="true">${initials(shown)}</span>
<div><h1>Hello, <bdi>${shown}</bdi></h1><p class="lead"><bdi>${email ?? subject}</bdi></p></div>
<form method="post" action="/.gatewright/sign-out"><button class="button compact" type="submit">Sign out</button></form>
</div>
<dl class="facts">
${fact('You asked for', markup`<code>${method} ${target}</code>`)}
${fact('Groups', groups.length === 0 ? markup`none` : markup`<ul class="chips">${groups.map((group) => markup`<li><bdi>${group}</bdi></li>`)}</ul>`)}
${fact('Subject', markup`<code>${subject}</code>`)}
${fact('Assertion valid until', markup`<time datetime="${expiresAt.toISOString()}">${expiresAt.toISOString().slice(11, 19)} UTC</time>, ${seconds} seconds from now`)}
</dl>
<p class="note">The gateway signed this for this app alone, and the app has checked the signature.</p>
<h2>What this app received</h2>
<dl class="facts headers">${headers.map(({ name: header, value }) => fact(header, markup`${value}`))}</dl>`,
  })
}

/** What to say for each refusal; the code itself stands below it. */
const REASONS: Record<AssertionRefusal, string> = {
  'assertion-missing': 'The request carries no assertion.',
  'assertion-malformed': 'What the request carries is not an assertion.',
  'assertion-algorithm': 'The assertion is not signed the way the gateway signs.',
  'assertion-unknown-key': 'The assertion is signed with a key that is not the gateway’s.',
  'assertion-signature': 'The assertion’s signature does not fit.',
  'assertion-expired': 'The assertion has expired.',
  'assertion-claim': 'The assertion was made by someone else or for another app.',
  'keys-unreachable': 'The gateway’s keys cannot be had at the moment.',
}

/** The refusal in words. */
export function describeRefusal(code: AssertionRefusal): string {
  return REASONS[code]
}

/**
 * Tells someone whom the gateway did not bring that they have to come by it.
 * @param audience the app's address at the gateway
 */
export function refusalPage(title: string, audience: string, code: AssertionRefusal, requestId: string): string {
  const look = plainLook(title)
  const content = errorPage(look, {
    title: 'Please come by the gateway',
    message: `This app only answers requests that the gateway has signed. ${describeRefusal(code)} (${code})`,
    requestId,
    action: { href: audience, label: `Go to ${new URL(audience).host}` },
  })
  return layout(look, content)
}

function fact(term: string, value: Markup): Markup {
  return markup`<div><dt>${term}</dt><dd>${value}</dd></div>`
}

function initials(name: string): string {
  const words = name.split(/[\s@._-]+/).filter((word) => word !== '')
  return words
    .slice(0, 2)
    .map((word) => String.fromCodePoint(word.codePointAt(0) ?? 0).toUpperCase())
    .join('')
}
