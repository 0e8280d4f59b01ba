import * as pulumi from '@pulumi/pulumi'

import { localListener, type LocalSettings } from '../../config/index.ts'
import {
  type IdentityProviderConfig,
  INITIAL_ACCESS_TOKEN,
  passwordSecret,
} from '../../local/identity-provider/index.ts'
import { type Process, SecretKey } from '../../provider/index.ts'
import { startProgram } from '../../targets/index.ts'
import type {
  ClientRegistration,
  ClientRequest,
  IdentityProvider,
  LocalPerson,
  ProviderContext,
} from '../identity-provider.ts'
import { type OidcRegistrar, registerDynamically } from '../oidc/index.ts'

/** An OpenID provider for trying things out: a program of the stack, with people from the stack file and passwords of its own. */
export class Local extends pulumi.ComponentResource implements IdentityProvider {
  readonly issuer: string
  readonly people: Record<string, LocalPerson>
  private readonly program: Process
  private readonly key: string
  private readonly registrar: OidcRegistrar

  constructor({ id, parent, folders }: ProviderContext, settings: LocalSettings) {
    super('gatewright:identityProvider:Local', id, {}, { parent })
    this.key = id
    const token = new SecretKey(`${id}-initial-access-token`, { bytes: 32 }, { parent: this })
    this.people = makePeople(id, settings, this)
    this.issuer = settings.url
    const listen = localListener(settings.url)
    const config: IdentityProviderConfig = {
      issuer: settings.url,
      listen,
      name: settings.name ?? id,
      people: settings.people,
    }
    const passwords = Object.entries(this.people).map(([user, { password }]) => [passwordSecret(user), password])
    this.program = startProgram(
      `${id}-program`,
      {
        folder: folders.identityProvider(id),
        folders,
        program: 'identity-provider',
        config,
        secrets: { [INITIAL_ACCESS_TOKEN]: token.value, ...Object.fromEntries(passwords) },
        listen: [listen],
        readyUrl: `http://${listen.host}:${listen.port}/ready`,
      },
      { parent: this },
    )
    this.registrar = {
      issuer: settings.url,
      initialAccessToken: token.value,
      scopes: settings.scopes,
      authMethod: settings.authMethod,
      clientSecrets: settings.clientSecrets,
    }
    this.registerOutputs({ issuer: this.issuer })
  }

  register(request: ClientRequest): ClientRegistration {
    // With the provider go its clients: there is nobody left to ask for their removal.
    const options = { parent: this, dependsOn: this.program, deletedWith: this.program }
    return registerDynamically(this.key, this.registrar, request, options)
  }
}

function makePeople(id: string, settings: LocalSettings, parent: pulumi.Resource): Record<string, LocalPerson> {
  return Object.fromEntries(
    Object.entries(settings.people).map(([user, { groups }]) => {
      const password = new SecretKey(`${id}-password-${user}`, { bytes: 16 }, { parent })
      return [user, { password: password.value, groups }]
    }),
  )
}
