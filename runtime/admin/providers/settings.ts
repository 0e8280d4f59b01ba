import { type IdentityProviderConfig, PROFILE_FIELDS, type RuntimeConfig } from '../../config.ts'
import { chips, markup, type Markup, plain } from '../../pages/index.ts'
import { enabledBadge } from '../words.ts'
import { ATTRIBUTE_LABELS, EMAIL_TRUST, LINKING, PROVISIONING } from './words.ts'

/** One setting as it is by now. */
export interface Setting {
  label: string
  value: Markup
  /** Below the provider in the stack file, like `allowedDomains`; empty for the provider itself. */
  key: string | { follows: string }
}

/** Settings that belong together. */
export interface SettingGroup {
  heading: string
  /** What its table has, in a few words. */
  about: string
  settings: readonly Setting[]
}

/** What a provider's settings are shown by. */
export interface ProviderAtBrand {
  id: string
  provider: IdentityProviderConfig
  registrations: RuntimeConfig['registrations'][string]
  /** The brand's login host. */
  loginUrl: string
  /** The brand's path of the provider's logo. */
  logoHref: string
}

/** What infra calls the credential of a client that somebody made by hand; others have the names of the stack file's `clientSecrets`. */
const BROUGHT = 'present'

/** In place of a key, where nothing in the stack file sets it. */
const BY_TYPE = { follows: 'follows from the type' }
const BY_DEPLOYMENT = { follows: 'registered by the deployment' }

/** From what the stack file makes the issuer, where it does not name it. */
const ISSUER_KEYS: Readonly<Record<string, string>> = {
  auth0: 'domain',
  entra: 'tenantId',
  google: 'issuer',
  keycloak: 'realm',
  local: 'url',
  oidc: 'issuer',
  okta: 'domain',
  pingone: 'environmentId',
  'pocket-id': 'url',
}

/** All settings of a provider, in the order in which an administrator looks for them; secrets by their names alone. */
export function settingsOf(at: ProviderAtBrand): readonly SettingGroup[] {
  return [
    { heading: 'Basic information', about: 'What it is called, and whether it is offered', settings: basics(at) },
    {
      heading: 'OpenID Connect',
      about: 'How the gateway and the provider talk to each other',
      settings: connection(at),
    },
    {
      heading: 'User provisioning',
      about: 'Who may sign in, and what account they get',
      settings: provisioning(at.provider),
    },
    { heading: 'Display', about: 'What its button on the sign-in page looks like', settings: display(at) },
    {
      heading: 'Attribute mapping',
      about: 'From which claim each field of a profile comes',
      settings: mapping(at.provider),
    },
  ]
}

function basics({ id, provider }: ProviderAtBrand): Setting[] {
  const { name, description, kind, enabled } = provider
  return [
    setting('Identifier', code(id), ''),
    setting('Name', plain(name), 'name'),
    setting('Description', description === undefined ? none('none') : plain(description), 'description'),
    setting('Type', markup`OIDC (OpenID Connect), ${code(kind)}`, 'kind'),
    setting('Enabled', enabledBadge(enabled), 'enabled'),
  ]
}

function connection({ provider, registrations }: ProviderAtBrand): Setting[] {
  const { kind, issuer, authMethod, scopes, responseMode, claims, groupsClaim, subjectClaim, tenants } = provider
  const isBrought = registrations[0]?.name === BROUGHT
  const broughtSecret = authMethod === 'private_key_jwt' ? 'client.privateKey' : 'client.secret'
  const parameters = Object.entries(provider.authorizationParameters)
  return [
    setting('Domain (issuer)', code(issuer), ISSUER_KEYS[kind] ?? 'issuer'),
    ...(tenants ? [setting('Tenants', chips(tenants), 'tenants')] : []),
    setting(
      'Client ID',
      markup`${registrations.map(({ clientId }) => code(clientId))}`,
      isBrought ? 'client.id' : BY_DEPLOYMENT,
    ),
    setting('Client secret', secrets(authMethod, registrations), isBrought ? broughtSecret : 'clientSecrets'),
    setting('Authentication method', code(authMethod), 'authMethod'),
    setting('Scopes', chips(scopes), 'scopes'),
    setting('Answers by', code(responseMode), 'responseMode'),
    setting(
      'Authorization parameters',
      parameters.length === 0 ? none('none') : chips(parameters.map(([name, value]) => `${name}=${value}`)),
      'authorizationParameters',
    ),
    setting('Kept claims', claims.length === 0 ? none('none beside the usual ones') : chips(claims), 'claims'),
    setting('Groups claim', code(groupsClaim), BY_TYPE),
    setting('People are told apart by', code(subjectClaim), BY_TYPE),
    setting(
      'Private addresses',
      markup`${provider.allowPrivateAddresses ? 'allowed' : 'not allowed'}`,
      'allowPrivateAddresses',
    ),
    setting('Session', sessionText(provider.session), 'session'),
  ]
}

function provisioning(provider: IdentityProviderConfig): Setting[] {
  const { allowedDomains } = provider
  return [
    setting('Provisioning mode', markup`${PROVISIONING[provider.provisioning]}`, 'provisioning'),
    setting(
      'Allowed domains',
      allowedDomains.length === 0 ? none('all domains') : chips(allowedDomains),
      'allowedDomains',
    ),
    setting('Email trust', markup`${EMAIL_TRUST[provider.emailTrust]}`, 'emailTrust'),
    setting('Linking', markup`${LINKING[provider.linking]}`, 'linking'),
  ]
}

function display({ provider: { logo, buttonText, name }, logoHref }: ProviderAtBrand): Setting[] {
  const picture = logo && markup`<img src="${logoHref}" alt="Logo of ${name}" width="32" height="32">`
  return [setting('Logo', picture ?? none('none'), 'logo'), setting('Button text', plain(buttonText), 'buttonText')]
}

function mapping({ attributes }: IdentityProviderConfig): Setting[] {
  return PROFILE_FIELDS.map((field) => {
    const { claim, default: otherwise } = attributes[field]
    const value = otherwise === undefined ? code(claim) : markup`${code(claim)}, otherwise ${code(otherwise)}`
    return setting(ATTRIBUTE_LABELS[field], value, `attributes.${field}`)
  })
}

function secrets(authMethod: string, registrations: ProviderAtBrand['registrations']): Markup {
  if (authMethod === 'none') return none('none: PKCE alone')
  return markup`${registrations.map(({ name }) => markup`<span>•••••••• <small>named ${code(name)}</small></span>`)}`
}

function sessionText(session: IdentityProviderConfig['session']): Markup {
  const { idleSeconds, absoluteSeconds } = session ?? {}
  const parts = [
    ...(idleSeconds === undefined ? [] : [`${minutes(idleSeconds)} idle`]),
    ...(absoluteSeconds === undefined ? [] : [`${minutes(absoluteSeconds)} at most`]),
  ]
  return parts.length === 0 ? none('as the stack has it') : markup`${parts.join(', ')}`
}

function minutes(seconds: number): string {
  return `${Math.round(seconds / 60)} minutes`
}

function setting(label: string, value: Markup, key: Setting['key']): Setting {
  return { label, value, key }
}

function code(text: string): Markup {
  return markup`<code>${text}</code>`
}

function none(text: string): Markup {
  return markup`<span class="note">${text}</span>`
}
