import { raw } from 'hono/html'

import { layout, linkButton, markup, type Markup, tickList } from '../../../runtime/pages/index.ts'

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
  // The cursor stands where typing goes on.
  const focusUser = username === undefined ? raw(' autofocus') : undefined
  const focusPassword = username === undefined ? undefined : raw(' autofocus')
  return layout({
    title: 'Sign in',
    brandName: name,
    foot: FOOT,
    body: markup`<h1>Sign in to <bdi>${name}</bdi></h1>
<p class="lead">to continue to <strong><bdi>${client}</bdi></strong></p>
${alert === undefined ? undefined : markup`<p class="notice alert" role="alert">${alert}</p>`}
<form method="post" action="${action}">
<label class="field"><span>User name</span><input name="username" type="text" value="${username ?? ''}" maxlength="100" required autocomplete="username" autocapitalize="none" spellcheck="false"${focusUser}></label>
<label class="field"><span>Password</span><input name="password" type="password" maxlength="1000" required autocomplete="current-password"${focusPassword}></label>
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
  return layout({
    title: 'Allow access',
    brandName: name,
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
  return layout({
    title: 'Sign out',
    brandName: name,
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
  return layout({
    title: 'Identity provider',
    brandName: name,
    foot: FOOT,
    body: markup`<h1>Nothing to do here</h1>
<p class="lead">This is where apps send you to sign in. Open the app that you want to use.</p>`,
  })
}
