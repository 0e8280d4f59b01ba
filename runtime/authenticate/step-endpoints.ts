import type { Hono } from 'hono'

import { confirmAddress, showConfirmAddress } from './confirm-address.ts'
import type { Bindings, LoginRequest } from './context.ts'
import { acceptByPasskey, acceptByPassword, showInvitation } from './invitation.ts'
import { INVITATION_PATH } from './invite.ts'
import { breakGlassByPasskey, breakGlassByPassword, BREAK_GLASS_PATH, showBreakGlass } from './break-glass.ts'
import { decideJoin, proveByPasskey, proveByPassword, showJoin } from './join-accounts.ts'
import { signInByPasskey, signInByPassword, takeAddress } from './own-sign-in.ts'
import { CONFIRM_PATH, VERIFY_PATH } from './pending-address.ts'
import { JOIN_PATH } from './pending-join.ts'
import { NEW_PASSWORD_PATH, requestReset, setNewPassword, showNewPassword, showResetRequest } from './reset-password.ts'
import { ADDRESS_PATH, PASSKEY_PATH, PASSWORD_PATH, RESET_PATH } from './show-offer.ts'
import { goOnWithout, sendAgain, showVerifyAddress } from './verify-address.ts'

type App = Hono<{ Bindings: Bindings }>
type Endpoint = (login: LoginRequest) => Response | Promise<Response>
type Endpoints = Readonly<Record<string, { get?: Endpoint; post?: Endpoint }>>

/** Ways to sign in that ask no provider. */
const OWN_WAYS: Endpoints = {
  [ADDRESS_PATH]: { post: takeAddress },
  [PASSWORD_PATH]: { post: signInByPassword },
  [PASSKEY_PATH]: { post: signInByPasskey },
  [BREAK_GLASS_PATH]: { get: showBreakGlass, post: breakGlassByPassword },
  [`${BREAK_GLASS_PATH}/passkey`]: { post: breakGlassByPasskey },
}

/** What lies between a provider's answer, or a mail, and a session. */
const STEPS: Endpoints = {
  [VERIFY_PATH]: { get: showVerifyAddress },
  [`${VERIFY_PATH}/again`]: { post: sendAgain },
  [`${VERIFY_PATH}/without`]: { post: goOnWithout },
  [CONFIRM_PATH]: { get: showConfirmAddress, post: confirmAddress },
  [JOIN_PATH]: { get: showJoin, post: decideJoin },
  [`${JOIN_PATH}/password`]: { post: proveByPassword },
  [`${JOIN_PATH}/passkey`]: { post: proveByPasskey },
  [RESET_PATH]: { get: showResetRequest, post: requestReset },
  [NEW_PASSWORD_PATH]: { get: showNewPassword, post: setNewPassword },
  [INVITATION_PATH]: { get: showInvitation },
  [`${INVITATION_PATH}/password`]: { post: acceptByPassword },
  [`${INVITATION_PATH}/passkey`]: { post: acceptByPasskey },
}

type MakeLogin = (request: Request, bindings: Bindings) => LoginRequest

/** Mounts the ways to sign in that ask no provider; before those of providers, whose ids could be these names. */
export function mountOwnWays(app: App, login: MakeLogin): void {
  mount(app, login, OWN_WAYS)
}

/** Mounts what lies between. */
export function mountSteps(app: App, login: MakeLogin): void {
  mount(app, login, STEPS)
}

function mount(app: App, login: MakeLogin, endpoints: Endpoints): void {
  for (const [path, { get, post }] of Object.entries(endpoints)) {
    if (get) app.get(path, (c) => get(login(c.req.raw, c.env)))
    if (post) app.post(path, (c) => post(login(c.req.raw, c.env)))
  }
}
