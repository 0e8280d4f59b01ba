import type { Properties, PropertyValue } from '../../../../infra/provider/properties.ts'

/** How the API shows an app, as far as it is read here. */
export interface WireApp {
  id: string
  name: string
  label: string
  status: string
  signOnMode: string
  visibility: { hide: { iOS: boolean; web: boolean } }
  credentials: { oauthClient: Properties }
  settings: { implicitAssignment: boolean; notes: { admin: string | null }; oauthClient: Properties }
}

/**
 * What the plugin sends for an app. A `false` that is its type's zero is not sent at all, and with `omitSecret` a replace
 * sends an empty secret, which leaves the present ones.
 * @param id undefined for a create
 */
export function appBody(inputs: Properties, id: string | undefined): object {
  const hide = { iOS: inputs['hideIos'] ?? true, web: inputs['hideWeb'] ?? true }
  return {
    label: inputs['label'],
    name: 'oidc_client',
    signOnMode: 'OPENID_CONNECT',
    accessibility: {},
    credentials: {
      userNameTemplate: { template: '${source.login}', type: 'BUILT_IN' },
      oauthClient: {
        autoKeyRotation: true,
        token_endpoint_auth_method: inputs['tokenEndpointAuthMethod'] ?? 'client_secret_basic',
        pkce_required: inputs['pkceRequired'] ?? false,
        ...(id === undefined ? {} : { client_id: id, client_secret: '' }),
      },
    },
    settings: {
      notes: defined({ admin: inputs['adminNote'] }),
      ...(inputs['implicitAssignment'] === true ? { implicitAssignment: true } : {}),
      oauthClient: oauthBody(inputs),
    },
    visibility: { hide: Object.fromEntries(Object.entries(hide).filter(([, value]) => value === true)) },
  }
}

function oauthBody(inputs: Properties): object {
  const grants = (inputs['grantTypes'] ?? []) as string[]
  const refreshToken = {
    rotation_type: inputs['refreshTokenRotation'] ?? 'STATIC',
    leeway: inputs['refreshTokenLeeway'] ?? 0,
  }
  return defined({
    application_type: inputs['type'],
    grant_types: grants,
    response_types: inputs['responseTypes'],
    redirect_uris: inputs['redirectUris'],
    post_logout_redirect_uris: inputs['postLogoutRedirectUris'],
    client_uri: inputs['clientUri'],
    initiate_login_uri: inputs['loginUri'],
    consent_method: inputs['consentMethod'] ?? 'TRUSTED',
    issuer_mode: inputs['issuerMode'] ?? 'ORG_URL',
    wildcard_redirect: inputs['wildcardRedirect'] ?? 'DISABLED',
    jwks: Array.isArray(inputs['jwks']) ? { keys: inputs['jwks'] } : undefined,
    refresh_token: grants.includes('refresh_token') ? refreshToken : undefined,
    idp_initiated_login: { mode: inputs['loginMode'] ?? 'DISABLED', default_scope: [] },
  })
}

/** What a program would have to say to get this app. */
export function appInputs({ label, status, visibility, credentials, settings }: WireApp): Properties {
  const { oauthClient: client } = settings
  const jwks = client['jwks'] as { keys: Properties[] } | undefined
  const refreshToken = client['refresh_token'] as Properties | undefined
  return defined({
    label,
    status,
    type: client['application_type'],
    adminNote: settings.notes.admin ?? undefined,
    hideIos: visibility.hide.iOS,
    hideWeb: visibility.hide.web,
    implicitAssignment: settings.implicitAssignment,
    tokenEndpointAuthMethod: credentials.oauthClient['token_endpoint_auth_method'],
    pkceRequired: credentials.oauthClient['pkce_required'],
    grantTypes: client['grant_types'],
    responseTypes: client['response_types'],
    redirectUris: client['redirect_uris'],
    postLogoutRedirectUris: client['post_logout_redirect_uris'],
    clientUri: client['client_uri'],
    loginUri: client['initiate_login_uri'],
    consentMethod: client['consent_method'],
    issuerMode: client['issuer_mode'],
    wildcardRedirect: client['wildcard_redirect'],
    refreshTokenRotation: refreshToken?.['rotation_type'],
    jwks: jwks?.keys.map((key) => defined({ kid: key['kid'], kty: key['kty'], n: key['n'], e: key['e'] })),
  }) as Properties
}

/** The groups claim as the plugin names it; nothing where there is none. */
export function groupsClaimInput(claim: Properties): Properties | undefined {
  const { name, value, valueType, groupFilterType } = claim
  if (!name || !value) return undefined
  const type = valueType === 'GROUPS' ? 'FILTER' : (valueType ?? '')
  return defined({ type, name, value, filterType: groupFilterType }) as Properties
}

/** The groups claim as its API takes it; an empty one takes it away. */
export function groupsClaimBody(inputs: Properties): object {
  const issuerMode = inputs['issuerMode'] ?? 'ORG_URL'
  const claim = inputs['groupsClaim'] as Properties | undefined
  if (!claim) return { issuerMode }
  return {
    issuerMode,
    name: claim['name'],
    value: claim['value'],
    valueType: claim['type'] === 'FILTER' ? 'GROUPS' : claim['type'],
    groupFilterType: claim['filterType'],
  }
}

function defined(members: Record<string, PropertyValue | object | undefined>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined))
}
