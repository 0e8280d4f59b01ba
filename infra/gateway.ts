import * as pulumi from '@pulumi/pulumi'

import { callbackUrl } from '../runtime/config.ts'
import { describeAccess, describeRule } from './access.ts'
import type { GatewayArgs } from './args.ts'
import { parseStack, type StackConfig } from './config/index.ts'
import { type DirectoryCredential, pomeriumServiceAccount } from './identity-providers/index.ts'
import { gatewaySecrets } from './gateway-secrets.ts'
import { describeLogo } from './logos/index.ts'
import { startMailbox, startSampleApp } from './local-programs.ts'
import { loginHostsOf, loginUrlsOf } from './login-hosts.ts'
import { mapValues } from './map-values.ts'
import { connectParties, outputsOf } from './parties.ts'
import { type Credentials, makeProviders, type Providers, registerGateway } from './registrations.ts'
import type { IdentityProviderOutput, RelyingPartyOutput, ServiceAccountOutput } from './outputs.ts'
import { adviseProviderLine } from './provider-line.ts'
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

/** With what a provider's users and groups can be read. */
export interface Directory {
  credential: DirectoryCredential
  /** The same as Pomerium's `idp_service_account`, where it has a form for this provider. */
  pomeriumServiceAccount?: string
}

/**
 * One environment: registers clients at identity providers with their callback URLs, runs the gateway with the credentials
 * that come of it, and hands those of other relying parties over.
 * @throws StackConfigError with every mistake of the arguments
 */
export class Gateway extends pulumi.ComponentResource {
  /** The stack's login host; none where nothing is run. */
  readonly authenticateUrl: string | undefined
  /** Brand → its login host; only where there are several. */
  readonly brands: Record<string, string> | undefined
  /** Rule → who administers by it, in words. */
  readonly administrators: Record<string, string> | undefined
  /** Where the mail of a stack on this machine can be read. */
  readonly mailbox: string | undefined
  /** Route → from, and what answers there. */
  readonly routes: Record<string, Record<string, string>>
  /**
   * Identity provider → kind and issuer; of the gateway's client there clientId and callbackUrl, and where there are several
   * brands callbackUrls, by brand.
   */
  readonly identityProviders: pulumi.Output<Record<string, IdentityProviderOutput>>
  /** Route → rule → who that lets pass, in words. */
  readonly access: Record<string, Record<string, string>>
  /** User name → password and groups, of the people whom the stack itself made; secret as a whole. */
  readonly people: pulumi.Output<Record<string, { password: string; groups: string[] }>> | undefined
  /** Of the identity providers that are asked for it; each secret as a whole. */
  readonly directories: Record<string, pulumi.Output<Directory>> | undefined
  /** Service account → token name → token; secret as a whole. */
  readonly serviceAccounts: pulumi.Output<Record<string, Record<string, string>>> | undefined
  /** Service account → name, groups, routes, and until when each of its tokens is good. */
  readonly programs: pulumi.Output<Record<string, ServiceAccountOutput>> | undefined
  /** Relying party → kind, url, identityProvider, clientId, callbackUrls, access; none where there is no other than the gateway. */
  readonly relyingParties: Record<string, RelyingPartyOutput> | undefined
  /** Relying party → what it has to be given; secret as a whole. */
  readonly relyingPartySettings: pulumi.Output<Record<string, object>> | undefined

  constructor(name: string, args: GatewayArgs, options: pulumi.ComponentResourceOptions = {}) {
    const stack = parseStack(args)
    super('gatewright:index:Gateway', name, {}, options)
    const folders = programFolders()
    const root = pulumi.getRootDirectory()
    adviseProviderLine(root)
    const files = readStackFiles(stack, root, stackFileOf(root, pulumi.getStack()))
    tellLogos(files, this)
    const providers = makeProviders(stack, folders, this)
    const credentials = registerGateway(stack, providers, files, this)
    const parties = connectParties(stack, providers, this)
    const accounts = makeServiceAccounts(name, stack.serviceAccounts, this)
    if (stack.target.kind !== 'none') deploy(name, stack, { providers, credentials, accounts, files }, folders, this)
    startSampleApp(stack, folders, this)
    startMailbox(stack.mail, folders, this)

    this.authenticateUrl = stack.url === '' ? undefined : stack.url
    this.brands = Object.keys(stack.brands).length > 1 ? mapValues(stack.brands, ({ url }) => url) : undefined
    this.administrators = stack.admins === undefined ? undefined : describeRule(stack.admins)
    this.mailbox = stack.mail?.kind === 'local' ? stack.mail.url : undefined
    this.routes = mapValues(stack.routes, describeRoute)
    this.access = describeAccess(stack)
    this.identityProviders = pulumi.output(
      mapValues(providers, (provider, id) => describeProvider(stack, id, provider, credentials[id])),
    ) as Gateway['identityProviders']
    const people = Object.assign({}, ...Object.values(providers).map((provider) => provider.people)) as object
    this.people = Object.keys(people).length > 0 ? (pulumi.secret(people) as Gateway['people']) : undefined
    this.directories = directoriesOf(providers)
    const hasAccounts = Object.keys(accounts).length > 0
    this.serviceAccounts = hasAccounts ? serviceTokens(accounts) : undefined
    this.programs = hasAccounts ? describePrograms(accounts) : undefined
    // Outputs that are there and empty would be lines in every preview.
    const { described, settings } = outputsOf(parties)
    this.relyingParties = Object.keys(described).length > 0 ? described : undefined
    this.relyingPartySettings = Object.keys(settings).length > 0 ? pulumi.secret(pulumi.output(settings)) : undefined
    this.registerOutputs({ authenticateUrl: this.authenticateUrl, routes: this.routes, access: this.access })
  }
}

/** Format and size of each logo, for whoever looks at a preview: what people will see is not to be seen there. */
function tellLogos({ logos }: StackFiles, resource: pulumi.Resource): void {
  if (logos.size === 0) return
  const lines = [...logos].map(([name, logo]) => `${name}: ${describeLogo(logo)}`)
  void pulumi.log.info(['Logos:', ...lines].join('\n  '), resource)
}

/** What a deployment says of a provider, to people and to the connection test. */
function describeProvider(
  stack: StackConfig,
  id: string,
  { issuer, homeIssuer = issuer }: Providers[string],
  credentials: Credentials | undefined,
): object {
  const settings = stack.identityProviders[id]
  const home = homeIssuer === issuer ? {} : { homeIssuer }
  const endpoints = settings?.kind === 'oidc' && settings.endpoints ? { endpoints: settings.endpoints } : {}
  if (credentials === undefined) return { kind: settings?.kind, issuer, ...home, ...endpoints }
  const callbackUrls = mapValues(Object.fromEntries(loginHostsOf(stack, id)), (url) => callbackUrl(url, id))
  return {
    kind: settings?.kind,
    issuer,
    ...home,
    clientId: credentials[0]?.clientId,
    callbackUrl: callbackUrl(loginUrlsOf(stack, id)[0], id),
    ...(Object.keys(callbackUrls).length > 1 ? { callbackUrls } : {}),
    ...endpoints,
  }
}

function directoriesOf(providers: Providers): Gateway['directories'] {
  const directories = Object.entries(providers).flatMap(([id, provider]) =>
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
  providers: Providers
  /** Of the gateway's clients. */
  credentials: Record<string, Credentials>
  accounts: Record<string, ServiceAccount>
  files: StackFiles
}

function deploy(
  name: string,
  stack: StackConfig,
  { providers, credentials, accounts, files }: Parts,
  folders: ProgramFolders,
  parent: pulumi.Resource,
): void {
  const registrations = mapValues(credentials, (ofClient) =>
    ofClient.map((credential) => ({ name: credential.name, clientId: credential.clientId })),
  )
  const secrets = gatewaySecrets({ name, stack, credentials, files }, parent)
  const serviceAccounts = serviceAccountConfig(accounts)
  const config = { ...planRuntime(offering(stack, credentials), providers, files), registrations, serviceAccounts }
  createTarget(name, { stack, config, secrets, folders }, parent)
}

/** The stack as the gateway knows it: without identity providers that only other relying parties use. */
function offering(stack: StackConfig, clients: Record<string, Credentials>): StackConfig {
  const offered = Object.entries(stack.identityProviders).filter(([id]) => Object.hasOwn(clients, id))
  return { ...stack, identityProviders: Object.fromEntries(offered) }
}
