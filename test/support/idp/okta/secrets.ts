import { secretText } from '../openid.ts'
import type { Answered } from '../server.ts'
import { failure, invalid, notFound } from './answers.ts'
import { addSecret, type App, type Secret, type Tenant } from './tenant.ts'

/**
 * `/api/v1/apps/{id}/credentials/secrets…`
 * @param rest what follows `secrets` in the path
 * @see https://developer.okta.com/docs/api/openapi/okta-management/management/tag/ApplicationSSOCredentialOAuth2ClientAuth/
 */
export function manageSecrets(tenant: Tenant, app: App, method: string, rest: string[], body: unknown): Answered {
  const [id, lifecycle, verb] = rest
  if (id === undefined) return method === 'POST' ? create(tenant, app, body) : { body: app.secrets.map(render) }
  const secret = app.secrets.find((candidate) => candidate.id === id)
  if (!secret) return notFound(`${id} (OAuth2ClientSecret)`)
  if (lifecycle === 'lifecycle' && method === 'POST') return changeStatus(app, secret, verb)
  if (method === 'GET') return { body: render(secret) }
  if (secret.status === 'ACTIVE') return invalid('secretId', 'only an inactive secret can be deleted')
  app.secrets.splice(app.secrets.indexOf(secret), 1)
  return { status: 204 }
}

function create(tenant: Tenant, app: App, body: unknown): Answered {
  if (app.secrets.length >= 2) {
    return failure(400, 'E0000001', 'Api validation failed: clientSecret', ['You cannot have more than two secrets.'])
  }
  const { client_secret: value = secretText(), status = 'ACTIVE' } = (body ?? {}) as {
    client_secret?: string
    status?: Secret['status']
  }
  if (value.length < 14 || value.length > 100) return invalid('client_secret', 'must have 14 to 100 characters')
  return { status: 201, body: render(addSecret(tenant, app, value, status)) }
}

function changeStatus(app: App, secret: Secret, verb: string | undefined): Answered {
  if (verb === 'deactivate' && app.secrets.length === 1) {
    return invalid('secretId', 'the only secret of a client cannot be deactivated')
  }
  secret.status = verb === 'activate' ? 'ACTIVE' : 'INACTIVE'
  return { body: render(secret) }
}

function render({ id, status, value, created }: Secret): object {
  return { id, status, client_secret: value, secret_hash: 'AAAAAAAAAAAAAAAAAAAAAA', created, lastUpdated: created }
}
