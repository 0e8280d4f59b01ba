import * as pulumi from '@pulumi/pulumi'

import { callbackUrl } from '../runtime/config.ts'
import { describeAccess } from './access.ts'
import { localListener, parseStack, type StackConfig, type StackInput } from './config/index.ts'
import { type ClientRegistration, createIdentityProvider, type IdentityProvider } from './identity-providers/index.ts'
import { mapValues } from './map-values.ts'
import { SecretKey, SigningKey } from './provider/index.ts'
import { gatewayClient } from './relying-parties/index.ts'
import { KEYS, planRuntime } from './runtime-config.ts'
import { ProcessTarget, programFolders, type ProgramFolders, startProgram } from './targets/index.ts'

/** What a stack file says under `gatewright:`. */
export type GatewayArgs = StackInput

interface Member {
  provider: IdentityProvider
  registration: ClientRegistration
}

/**
 * One environment: registers a client at every identity provider with its callback URLs, and runs the gateway with the
 * credentials that come of it.
 * @throws StackConfigError with every mistake of the arguments
 */
export class Gateway extends pulumi.ComponentResource {
  readonly authenticateUrl: string
  /** Route → from, to. */
  readonly routes: Record<string, { from: string; to: string }>
  /** Identity provider → kind, issuer, clientId, callbackUrl. */
  readonly identityProviders: pulumi.Output<Record<string, object>>
  /** Route → rule → who that lets pass, in words. */
  readonly access: Record<string, Record<string, string>>
  /** User name → password and groups, of the people whom the stack itself made; secret as a whole. */
  readonly people: pulumi.Output<Record<string, { password: string; groups: string[] }>> | undefined

  constructor(name: string, args: GatewayArgs, options: pulumi.ComponentResourceOptions = {}) {
    const stack = parseStack(args)
    super('gatewright:index:Gateway', name, {}, options)
    const folders = programFolders()
    const members = registerEverywhere(stack, folders, this)
    deploy(name, stack, members, folders, this)
    startSampleApp(stack, folders, this)

    this.authenticateUrl = stack.url
    this.routes = mapValues(stack.routes, ({ from, to }) => ({ from, to }))
    this.access = describeAccess(stack.routes)
    this.identityProviders = pulumi.output(
      mapValues(members, ({ provider, registration }, id) => ({
        kind: stack.identityProviders[id]?.kind,
        issuer: provider.issuer,
        clientId: registration.clientId,
        callbackUrl: callbackUrl(stack.url, id),
      })),
    )
    const people = Object.assign({}, ...Object.values(members).map(({ provider }) => provider.people)) as object
    this.people = Object.keys(people).length > 0 ? (pulumi.secret(people) as Gateway['people']) : undefined
    this.registerOutputs({ authenticateUrl: this.authenticateUrl, routes: this.routes, access: this.access })
  }
}

function registerEverywhere(
  stack: StackConfig,
  folders: ProgramFolders,
  parent: pulumi.Resource,
): Record<string, Member> {
  return mapValues(stack.identityProviders, (settings, id) => {
    const provider = createIdentityProvider({ id, parent, folders }, settings)
    return { provider, registration: provider.register(gatewayClient(id, stack.url, pulumi.getStack())) }
  })
}

function deploy(
  name: string,
  stack: StackConfig,
  members: Record<string, Member>,
  folders: ProgramFolders,
  parent: pulumi.Resource,
): void {
  const issuers = mapValues(members, ({ provider }) => provider.issuer)
  const registrations = mapValues(members, ({ registration }) => ({ clientId: registration.clientId }))
  const secrets: Record<string, pulumi.Input<string>> = {}
  for (const [id, { registration }] of Object.entries(members))
    secrets[`client-secret.${id}`] = registration.clientSecret
  for (const key of KEYS.signing) {
    secrets[`signing-key.${key}`] = new SigningKey(`${name}-signing-key-${key}`, { parent }).privateJwk
  }
  for (const key of KEYS.sealing) {
    secrets[`sealing-key.${key}`] = new SecretKey(`${name}-sealing-key-${key}`, { bytes: 32 }, { parent }).value
  }
  const config = { ...planRuntime(stack, issuers), registrations }
  new ProcessTarget(name, { settings: stack.target, config, secrets, folders }, { parent })
}

function startSampleApp(stack: StackConfig, folders: ProgramFolders, parent: pulumi.Resource): void {
  const route = stack.sampleApp && stack.routes[stack.sampleApp.route]
  if (!route) return
  const listen = localListener(route.to)
  startProgram(
    'sample-app-program',
    {
      folder: folders.sampleApp,
      folders,
      program: 'sample-app',
      config: { listen, loginUrl: stack.url, audience: route.from },
      secrets: {},
      listen: [listen],
      readyUrl: `http://${listen.host}:${listen.port}/ready`,
    },
    { parent },
  )
}
