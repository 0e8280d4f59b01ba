import { type Context, Hono } from 'hono'

import {
  type AuthenticateContext,
  type Bindings,
  type LoginApp,
  type LoginRequest,
  readOwnForm,
} from '../authenticate/index.ts'
import type { BrandConfig } from '../config.ts'
import { deleteAccount, downloadData, showData, showDelete } from './data.ts'
import { disconnect, showDisconnect } from './disconnect.ts'
import type { Handle } from './handle.ts'
import {
  addPasskey,
  giveName,
  removePasskey,
  showNewPasskey,
  showRemovePasskey,
  showRenamePasskey,
} from './passkeys.ts'
import { removePassword, setPassword, showPassword, showRemovePassword } from './password.ts'
import { ACCOUNT_PATH, paths } from './paths.ts'
import { resetProfile, saveProfile, showProfile } from './profile.ts'
import { connect, showSecurity } from './security.ts'
import { endOne, endOthers, showSessions } from './sessions.ts'
import { askForRecentSignIn, type Needs, type Visit, visitOf } from './visit.ts'

export { ACCOUNT_PATH } from './paths.ts'

type Answer = Response | Promise<Response>
type Show = (visit: Visit, handle: Handle) => Answer
type Act = (visit: Visit, form: URLSearchParams, handle: Handle) => Answer

/** In place of a handle, in addresses. */
const HANDLE = ':handle'

/**
 * The pages of people's own accounts at a brand, to be mounted at {@link ACCOUNT_PATH} of its login host. What is refused is thrown,
 * for the one table from code to status. All forms are POSTs with this host's own Origin.
 */
export function createAccountPages(context: AuthenticateContext, brandId: string, brand: BrandConfig): LoginApp {
  const app: LoginApp = new Hono()
  const at = { id: brandId, config: brand }
  const loginOf = ({ req, env }: Context<{ Bindings: Bindings }>): LoginRequest => ({
    context,
    brand: at,
    request: req.raw,
    client: env.client,
  })
  const get = (path: string, needs: Needs, show: Show): void => {
    app.get(mounted(path), async (c) => {
      const visit = await admitted(loginOf(c), needs)
      return visit instanceof Response ? visit : show(visit, c.req.param('handle') ?? '')
    })
  }
  const post = (path: string, needs: Needs, act: Act): void => {
    app.post(mounted(path), async (c) => {
      const login = loginOf(c)
      // First: whoever asks from another site learns nothing, not even whether somebody is signed in.
      const form = await readOwnForm(login)
      const visit = await admitted(login, needs)
      return visit instanceof Response ? visit : act(visit, form, c.req.param('handle') ?? '')
    })
  }

  get(paths.profile, 'signed_in', showProfile)
  post(paths.saveProfile, 'signed_in', saveProfile)
  post(paths.resetField, 'signed_in', resetProfile)

  get(paths.security, 'signed_in', showSecurity)
  get(paths.password, 'recent_sign_in', showPassword)
  post(paths.password, 'recent_sign_in', setPassword)
  get(paths.removePassword, 'recent_sign_in', showRemovePassword)
  post(paths.removePassword, 'recent_sign_in', removePassword)
  get(paths.newPasskey, 'recent_sign_in', showNewPasskey)
  post(paths.newPasskey, 'recent_sign_in', addPasskey)
  get(paths.passkey(HANDLE), 'signed_in', showRenamePasskey)
  post(paths.passkey(HANDLE), 'signed_in', giveName)
  get(paths.removePasskey(HANDLE), 'recent_sign_in', showRemovePasskey)
  post(paths.removePasskey(HANDLE), 'recent_sign_in', removePasskey)
  // Wants a recent sign-in by itself, and knows the way back.
  post(paths.connect, 'signed_in', connect)
  get(paths.disconnect(HANDLE), 'recent_sign_in', showDisconnect)
  post(paths.disconnect(HANDLE), 'recent_sign_in', disconnect)

  get(paths.sessions, 'signed_in', showSessions)
  post(paths.endSession, 'signed_in', endOne)
  post(paths.endOthers, 'signed_in', endOthers)

  get(paths.data, 'signed_in', showData)
  post(paths.export, 'signed_in', downloadData)
  get(paths.delete, 'recent_sign_in', showDelete)
  post(paths.delete, 'recent_sign_in', deleteAccount)
  return app
}

/** @returns the way to sign in, where somebody has to do that first */
async function admitted(login: LoginRequest, needs: Needs): Promise<Visit | Response> {
  const visit = await visitOf(login)
  if (visit instanceof Response || needs === 'signed_in') return visit
  return askForRecentSignIn(visit) ?? visit
}

/** An address as the app that is mounted at {@link ACCOUNT_PATH} sees it. */
function mounted(path: string): string {
  return path.slice(ACCOUNT_PATH.length) || '/'
}
