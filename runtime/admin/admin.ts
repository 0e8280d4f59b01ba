import { Hono } from 'hono'

import {
  type AuthenticateContext,
  type Bindings,
  type LoginApp,
  type LoginRequest,
  readOwnForm,
} from '../authenticate/index.ts'
import type { BrandConfig } from '../config.ts'
import { exportAudit, showAudit } from './audit/index.ts'
import { showOverview } from './overview.ts'
import { createProviderTests, showProvider, showProviders } from './providers/index.ts'
import { endSession, showSessions } from './sessions/index.ts'
import {
  changeUser,
  deleteUser,
  exportUser,
  inviteUser,
  showDeleteUser,
  showInvite,
  showUser,
  showUsers,
} from './users/index.ts'
import { notHere, type Visit, visitOf } from './visit.ts'

/** A page, or what a form of one does. */
type Endpoint = (visit: Visit, id: string) => Response | Promise<Response>
type FormEndpoint = (visit: Visit, form: URLSearchParams, id: string) => Response | Promise<Response>

/**
 * Administration of one brand, to be mounted below `/admin` at its login host. It is open to whom the configuration's rule
 * `admins` is true for; whoever is no administrator is answered as at an address that is not there.
 * @param context of one release of the configuration
 * @param generation what that release is called; empty where it has no name
 */
export function createAdmin(
  context: AuthenticateContext,
  brandId: string,
  brand: BrandConfig,
  generation = '',
): LoginApp {
  const app: LoginApp = new Hono<{ Bindings: Bindings }>()
  app.onError((error) => {
    throw error
  })
  app.notFound(() => {
    throw notHere()
  })
  const at = { id: brandId, config: brand }
  const login = (request: Request, { client }: Bindings): LoginRequest => ({ context, brand: at, request, client })
  const get = (path: string, endpoint: Endpoint): void => {
    app.get(path, async (c) => {
      const visit = await visitOf(login(c.req.raw, c.env))
      return visit instanceof Response ? visit : endpoint(visit, c.req.param('id') ?? '')
    })
  }
  const post = (path: string, endpoint: FormEndpoint): void => {
    app.post(path, async (c) => {
      const visit = await visitOf(login(c.req.raw, c.env))
      if (visit instanceof Response) return visit
      return endpoint(visit, await readOwnForm(visit), c.req.param('id') ?? '')
    })
  }
  const testProvider = createProviderTests(context)

  get('/', (visit) => showOverview(visit, generation))
  get('/identity-providers', showProviders)
  get('/identity-providers/:id', showProvider)
  post('/identity-providers/:id/test', (visit, _form, id) => testProvider(visit, id))
  get('/users', showUsers)
  get('/invite', showInvite)
  post('/invite', inviteUser)
  get('/users/:id', showUser)
  get('/users/:id/delete', showDeleteUser)
  post('/users/:id/delete', (visit, _form, id) => deleteUser(visit, id))
  post('/users/:id/export', (visit, _form, id) => exportUser(visit, id))
  for (const action of ['suspend', 'resume', 'sign-out', 'invite-again'] as const) {
    post(`/users/:id/${action}`, (visit, _form, id) => changeUser(visit, action, id))
  }
  get('/sessions', showSessions)
  post('/sessions/end', endSession)
  get('/audit', showAudit)
  get('/audit/export', exportAudit)
  return app
}
