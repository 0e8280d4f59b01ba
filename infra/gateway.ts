import * as pulumi from '@pulumi/pulumi'

import { callbackUrl, type ImageConfig } from '../runtime/config.ts'
import { describeAccess, describeRule } from './access.ts'
import { proveCredentials } from './client-credentials.ts'
import { parseStack, type StackConfig, type StackInput } from './config/index.ts'
import {
  type ClientCredential,
  createIdentityProvider,
  type DirectoryCredential,
  type IdentityProvider,
  pomeriumServiceAccount,
} from './identity-providers/index.ts'
import { gatewaySecrets } from './gateway-secrets.ts'
import { describeLogo } from './logos/index.ts'
import { startMailbox, startSampleApp } from './local-programs.ts'
import { loginHostsOf, loginUrlsOf } from './login-hosts.ts'
import { mapValues } from './map-values.ts'
import { gatewayClient } from './relying-parties/index.ts'
import { describeRoute } from './route-words.ts'
import { planRuntime } from './runtime-config.ts'
import {
  describePrograms,
  makeServiceAccounts,
  type ServiceAccount,
  serviceAccountConfig,
  serviceTokens,
} from './service-accounts.ts'
import { readStackFiles, type StackFiles } from './stack-files.ts'
import { stackFileOf } from './stack-place.ts'
import { createTarget, programFolders, type ProgramFolders } from './targets/index.ts'

/** What a stack file says under `gatewright:`. */
export type GatewayArgs = StackInput

/** With what a provider's users and groups can be read. */
export interface Directory {
  credential: DirectoryCredential
  /** The same as Pomerium's `idp_service_account`, where it has a form for this provider. */
  pomeriumServiceAccount?: string
}

interface Member {
  provider: IdentityProvider
  /** The preferred one first. */
  credentials: ClientCredential[]
}

/**
 * One environment: registers a client at every identity provider with its callback URLs, and runs the gateway with the
 * credentials that come of it.
 * @throws StackConfigError with every mistake of the arguments
 */
export class Gateway extends pulumi.ComponentResource {
  readonly authenticateUrl: string
  /** Brand → its login host; only where there are several. */
  readonly brands: Record<string, string> | undefined
  /** Rule → who administers by it, in words. */
  readonly administrators: Record<string, string> | undefined
  /** Where the mail of a stack on this machine can be read. */
  readonly mailbox: string | undefined
  /** Route → from, and what answers there. */
  readonly routes: Record<string, Record<string, string>>
  /** Identity provider → kind, issuer, clientId, callbackUrl; where there are several brands also callbackUrls, by brand. */
  readonly identityProviders: pulumi.Output<Record<string, object>>
  /** Route → rule → who that lets pass, in words. */
  readonly access: Record<string, Record<string, string>>
  /** User name → password and groups, of the people whom the stack itself made; secret as a whole. */
  readonly people: pulumi.Output<Record<string, { password: string; groups: string[] }>> | undefined
  /** Of the identity providers that are asked for it; each secret as a whole. */
  readonly directories: Record<string, pulumi.Output<Directory>> | undefined
  /** Service account → token name → token; secret as a whole. */
  readonly serviceAccounts: pulumi.Output<Record<string, Record<string, string>>> | undefined
  /** Service account → name, groups, routes, and until when each of its tokens is good. */
  readonly programs: pulumi.Output<Record<string, object>> | undefined

  constructor(name: string, args: GatewayArgs, options: pulumi.ComponentResourceOptions = {}) {
    const stack = parseStack(args)
    super('gatewright:index:Gateway', name, {}, options)
    const folders = programFolders()
    const root = pulumi.getRootDirectory()
    const files = readStackFiles(stack, root, stackFileOf(root, pulumi.getStack()))
    tellLogos(files, this)
    const members = registerEverywhere(stack, files, folders, this)
    const accounts = makeServiceAccounts(name, stack.serviceAccounts, this)
    deploy(name, stack, { members, accounts, files }, folders, this)
    startSampleApp(stack, folders, this)
    startMailbox(stack.mail, folders, this)

    this.authenticateUrl = stack.url
    this.brands = Object.keys(stack.brands).length > 1 ? mapValues(stack.brands, ({ url }) => url) : undefined
    this.administrators = stack.admins === undefined ? undefined : describeRule(stack.admins)
    this.mailbox = stack.mail?.kind === 'local' ? stack.mail.url : undefined
    this.routes = mapValues(stack.routes, describeRoute)
    this.access = describeAccess(stack)
    this.identityProviders = pulumi.output(mapValues(members, (member, id) => describeProvider(stack, id, member)))
    const people = Object.assign({}, ...Object.values(members).map(({ provider }) => provider.people)) as object
    this.people = Object.keys(people).length > 0 ? (pulumi.secret(people) as Gateway['people']) : undefined
    this.directories = directoriesOf(members)
    const hasAccounts = Object.keys(accounts).length > 0
    this.serviceAccounts = hasAccounts ? serviceTokens(accounts) : undefined
    this.programs = hasAccounts ? describePrograms(accounts) : undefined
    this.registerOutputs({ authenticateUrl: this.authenticateUrl, routes: this.routes, access: this.access })
  }
}

/** Format and size of each logo, for whoever looks at a preview: what people will see is not to be seen there. */
function tellLogos({ logos }: StackFiles, resource: pulumi.Resource): void {
  if (logos.size === 0) return
  const lines = [...logos].map(([name, logo]) => `${name}: ${describeLogo(logo)}`)
  void pulumi.log.info(['Logos:', ...lines].join('\n  '), resource)
}

/** The logo of the brand that signs people in there. */
function logoAt({ brands }: StackConfig, loginUrl: string, files: StackFiles): ImageConfig | undefined {
  const logo = Object.values(brands).find(({ url }) => url === loginUrl)?.logo
  return logo === undefined ? undefined : files.logo(logo).image
}

function registerEverywhere(
  stack: StackConfig,
  files: StackFiles,
  folders: ProgramFolders,
  parent: pulumi.Resource,
): Record<string, Member> {
  // Several stacks may share one tenant.
  const displayName = `${new URL(stack.url).hostname} (${pulumi.getStack()})`
  return mapValues(stack.identityProviders, (settings, id) => {
    const provider = createIdentityProvider({ id, displayName, parent, folders }, settings)
    const urls = loginUrlsOf(stack, id)
    const request = gatewayClient(id, urls, displayName, logoAt(stack, urls[0], files))
    const proving = {
      identityProvider: id,
      settings,
      issuer: provider.homeIssuer ?? provider.issuer,
      relyingParty: request.relyingParty,
      redirectUri: callbackUrl(urls[0], id),
    }
    return { provider, credentials: proveCredentials(proving, provider.register(request).credentials, parent) }
  })
}

/** What a deployment says of a provider, to people and to the connection test. */
function describeProvider(stack: StackConfig, id: string, { provider, credentials }: Member): object {
  const settings = stack.identityProviders[id]
  const { issuer, homeIssuer = issuer } = provider
  const callbackUrls = mapValues(Object.fromEntries(loginHostsOf(stack, id)), (url) => callbackUrl(url, id))
  return {
    kind: settings?.kind,
    issuer,
    ...(homeIssuer === issuer ? {} : { homeIssuer }),
    clientId: credentials[0]?.clientId,
    callbackUrl: callbackUrl(loginUrlsOf(stack, id)[0], id),
    ...(Object.keys(callbackUrls).length > 1 ? { callbackUrls } : {}),
    ...(settings?.kind === 'oidc' && settings.endpoints ? { endpoints: settings.endpoints } : {}),
  }
}

function directoriesOf(members: Record<string, Member>): Gateway['directories'] {
  const directories = Object.entries(members).flatMap(([id, { provider }]) =>
    provider.directory ? [[id, pulumi.secret(provider.directory.apply(toDirectory))] as const] : [],
  )
  return directories.length > 0 ? Object.fromEntries(directories) : undefined
}

function toDirectory(credential: DirectoryCredential): Directory {
  const serviceAccount = pomeriumServiceAccount(credential)
  return serviceAccount === undefined ? { credential } : { credential, pomeriumServiceAccount: serviceAccount }
}

/** What is made or read before the gateway is told of it. */
interface Parts {
  members: Record<string, Member>
  accounts: Record<string, ServiceAccount>
  files: StackFiles
}

function deploy(
  name: string,
  stack: StackConfig,
  { members, accounts, files }: Parts,
  folders: ProgramFolders,
  parent: pulumi.Resource,
): void {
  const providers = mapValues(members, ({ provider }) => provider)
  const registrations = mapValues(members, ({ credentials }) =>
    credentials.map((credential) => ({ name: credential.name, clientId: credential.clientId })),
  )
  const credentials = mapValues(members, (member) => member.credentials)
  const secrets = gatewaySecrets({ name, stack, credentials, files }, parent)
  const serviceAccounts = serviceAccountConfig(accounts)
  const config = { ...planRuntime(stack, providers, files), registrations, serviceAccounts }
  createTarget(name, { settings: stack.target, config, secrets, folders }, parent)
}
