import { randomUUID } from 'node:crypto'

import { interactionPolicy, Provider, type AdapterFactory, type Configuration } from 'oidc-provider'
import type { Logger } from 'pino'

import { boundedFetch } from '../../../runtime/outbound/index.ts'
import { errorPage, layout, plainLook, signedOutPage } from '../../../runtime/pages/index.ts'
import type { IdentityProviderConfig } from './config.ts'
import type { ProviderKeys } from './keys.ts'
import { endSessionPage } from './pages.ts'
import { findAccount, hideRemovedPeople } from './people.ts'
import { sendPage } from './respond.ts'

const DAY = 24 * 60 * 60

export interface ProviderOptions {
  config: IdentityProviderConfig
  initialAccessToken: string
  keys: ProviderKeys
  adapter: AdapterFactory
  log: Logger
}

/**
 * An OpenID provider as oidc-provider makes it, with all that a gateway on this machine needs and nothing more: clients
 * register themselves with the initial access token, people come from the config, PKCE is always asked for.
 * @see https://github.com/panva/node-oidc-provider/blob/main/docs/README.md
 */
export function createProvider(options: ProviderOptions): Provider {
  const { config, log } = options
  const provider = new Provider(config.issuer, buildConfiguration(options))
  // Asked for once at the start, so that a bundle with shortened class names is refused before it serves.
  options.adapter(provider.Session.name)
  provider.on('server_error', (ctx, error) => log.error({ path: ctx.path, error: error.message }, 'Server error'))
  provider.on('registration_create.success', (_ctx, client) =>
    log.info({ client: client.clientId }, 'Client registered'),
  )
  provider.on('registration_update.success', (_ctx, client) => log.info({ client: client.clientId }, 'Client updated'))
  provider.on('registration_delete.success', (_ctx, client) => log.info({ client: client.clientId }, 'Client deleted'))
  provider.on('registration_create.error', (_ctx, error) => log.warn({ error: error.message }, 'Registration refused'))
  provider.on('grant.error', (_ctx, error) => log.warn({ error: error.message }, 'Token request refused'))
  provider.on('authorization.error', (_ctx, error) => log.info({ error: error.message }, 'Sign-in not completed'))
  return provider
}

function buildConfiguration({ config, initialAccessToken, keys, adapter, log }: ProviderOptions): Configuration {
  const look = plainLook(config.name)
  return {
    adapter: hideRemovedPeople(adapter, config.people),
    jwks: { keys: keys.signing },
    cookies: {
      keys: keys.cookies,
      names: { session: 'idp_session', interaction: 'idp_interaction', resume: 'idp_resume' },
    },
    scopes: ['openid', 'profile', 'email', 'groups', 'offline_access'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'preferred_username'],
      email: ['email', 'email_verified'],
      groups: ['groups'],
    },
    // The ID token carries what the scopes name, as the large vendors' do, and not only userinfo.
    conformIdTokenClaims: false,
    responseTypes: ['code'],
    pkce: { required: () => true },
    clientAuthMethods: ['client_secret_basic', 'client_secret_post', 'private_key_jwt', 'none'],
    // oidc-provider drops offline_access without prompt=consent; a client that registered for refresh tokens gets them all
    // the same. Without that scope they end with the session.
    issueRefreshToken: (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    ttl: {
      AccessToken: 60 * 60,
      AuthorizationCode: 60,
      Grant: 14 * DAY,
      IdToken: 60 * 60,
      Interaction: 60 * 60,
      RefreshToken: 14 * DAY,
      Session: DAY,
    },
    features: {
      backchannelLogout: { enabled: true },
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      registration: { enabled: true, initialAccessToken },
      // The token that manages a client stays as it is, so that a lost answer locks nobody out of their client.
      registrationManagement: { enabled: true, rotateRegistrationAccessToken: false },
      revocation: { enabled: true },
      rpInitiatedLogout: {
        enabled: true,
        logoutSource: (ctx, form) =>
          sendPage(ctx, 200, endSessionPage(config.name, form), postLogoutOrigin(ctx.oidc.params)),
        postLogoutSuccessSource: (ctx) =>
          sendPage(ctx, 200, layout(look, signedOutPage(look, { ended: [{ at: config.name }] }))),
      },
    },
    interactions: { policy: buildPolicy(), url: (_ctx, { uid }) => `/interaction/${uid}` },
    findAccount: (_ctx, user) => findAccount(config.people, user),
    clientBasedCORS: () => false,
    fetch: (url, init) => boundedFetch(url instanceof Request ? url.url : url, init),
    renderError: (ctx, { error, error_description: description = error }) => {
      const requestId = randomUUID()
      log.warn({ requestId, path: ctx.path, error, description }, 'Request refused')
      const title = 'This sign-in cannot go on'
      const message = `The provider says: ${description}. Go back to the app that you want to use and start again.`
      sendPage(ctx, ctx.status, layout(look, errorPage(look, { title, message, requestId })))
    },
  }
}

function buildPolicy(): interactionPolicy.DefaultPolicy {
  const policy = interactionPolicy.base()
  policy.add(new interactionPolicy.Prompt({ name: 'select_account', requestable: true }), 0)
  return policy
}

function postLogoutOrigin(params: object | undefined): string | undefined {
  const uri = params && 'post_logout_redirect_uri' in params ? params.post_logout_redirect_uri : undefined
  return typeof uri === 'string' ? URL.parse(uri)?.origin : undefined
}
