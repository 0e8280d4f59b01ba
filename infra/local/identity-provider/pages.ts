import { raw } from 'hono/html'

import {
  field,
  layout,
  linkButton,
  markup,
  type Markup,
  notice,
  plainLook,
  tickList,
} from '../../../runtime/pages/index.ts'

const FOOT = 'Local identity provider, for development'

export interface PasswordPageOptions {
  /** Name of the provider. */
  name: string
  /** Name of the app that asks for the sign-in. */
  client: string
  /** Where the form posts to. */
  action: string
  abortHref: string
  /** Filled in already. */
  username?: string
  /** Why the last try did not work. */
  alert?: string
}

/** Asks for user name and password. */
export function passwordPage({ name, client, action, abortHref, username, alert }: PasswordPageOptions): string {
  const look = plainLook(name)
  return layout(look, {
    title: 'Sign in',
    foot: FOOT,
    body: markup`<h1>Sign in to <bdi>${name}</bdi></h1>
<p class="lead">to continue to <strong><bdi>${client}</bdi></strong></p>
${alert === undefined ? undefined : notice(alert, 'alert')}
<form method="post" action="${action}">
${field(look, { name: 'username', label: 'User name', type: 'text', autocomplete: 'username', value: username, maxLength: 100, autofocus: username === undefined })}
${field(look, { name: 'password', label: 'Password', type: 'password', autocomplete: 'current-password', maxLength: 1_000, autofocus: username !== undefined })}
<div class="actions"><button class="button primary" type="submit">Sign in</button>${linkButton({ href: abortHref, label: 'Cancel' })}</div>
</form>`,
  })
}

export interface ConsentPageOptions {
  name: string
  client: string
  /** Host that gets what is granted. */
  host: string
  person: string
  /** Scopes that were asked for and not granted yet. */
  scopes: readonly string[]
  action: string
  abortHref: string
}

/** Says what the app will get, and asks. */
export function consentPage({ name, client, host, person, scopes, action, abortHref }: ConsentPageOptions): string {
  return layout(plainLook(name), {
    title: 'Allow access',
    foot: FOOT,
    body: markup`<h1>Share with <bdi>${client}</bdi>?</h1>
<p class="lead">Signed in as <strong><bdi>${person}</bdi></strong>. <strong><bdi>${host}</bdi></strong> will get:</p>
${tickList(scopes.map(describeScope))}
<form method="post" action="${action}">
<div class="actions"><button class="button primary" type="submit">Allow</button>${linkButton({ href: abortHref, label: 'Cancel' })}</div>
</form>`,
  })
}

function describeScope(scope: string): Markup {
  switch (scope) {
    case 'openid':
      return markup`Who you are<small>your user name here</small>`
    case 'profile':
      return markup`Your name`
    case 'email':
      return markup`Your email address`
    case 'groups':
      return markup`Your groups<small>which decide what you may open</small>`
    case 'offline_access':
      return markup`Access while you are away<small>until you sign out</small>`
    default:
      return markup`<code>${scope}</code>`
  }
}

/**
 * Asks whether to end the session here.
 * @param form the form that oidc-provider made, with its anti-forgery value; the buttons belong to it by its id
 */
export function endSessionPage(name: string, form: string): string {
  return layout(plainLook(name), {
    title: 'Sign out',
    foot: FOOT,
    body: markup`<h1>Sign out of <bdi>${name}</bdi>?</h1>
<p class="lead">Every app that signs you in with <bdi>${name}</bdi> will ask again.</p>
${raw(form)}
<div class="actions"><button class="button primary" type="submit" form="op.logoutForm" name="logout" value="yes">Sign out</button>
<button class="button" type="submit" form="op.logoutForm">Stay signed in</button></div>`,
  })
}

/** What is at the front door, where nobody has anything to do. */
export function frontPage(name: string): string {
  return layout(plainLook(name), {
    title: 'Identity provider',
    foot: FOOT,
    body: markup`<h1>Nothing to do here</h1>
<p class="lead">This is where apps send you to sign in. Open the app that you want to use.</p>`,
  })
}
