import * as pulumi from '@pulumi/pulumi'

import type { IdentityProviderArgs } from './args.ts'
import { parseIdentityProvider } from './config/index.ts'
import { createIdentityProvider, type DirectoryCredential, type LocalPerson } from './identity-providers/index.ts'
import { adviseProviderLine } from './provider-line.ts'
import { keepRegistrar } from './registrars.ts'
import { programFolders } from './targets/index.ts'

/**
 * An identity provider by itself, for clients of one's own apps: see {@link RelyingParty}. A {@link Gateway} has its own. For
 * every vendor there is one explicit Pulumi provider with the credentials of the arguments, so that several tenants of one
 * vendor have room in one program.
 * @throws StackConfigError with every mistake of the arguments
 */
export class IdentityProvider extends pulumi.ComponentResource {
  /** Issuer identifier (OpenID Connect Discovery 1.0 §4.3). */
  readonly issuer: string
  /** With what users and groups can be read, where `directory` asks for it; a secret as a whole. */
  readonly directory: pulumi.Output<DirectoryCredential> | undefined
  /** User name → password and groups, of a provider of kind `local`; secret as a whole. */
  readonly people: pulumi.Output<Record<string, { password: string; groups: string[] }>> | undefined

  /**
   * @param name stands in the names of clients, and in the callback addresses of some apps; one of its kind in a program
   * @param args as under `identityProviders` of a stack file
   */
  constructor(name: string, args: IdentityProviderArgs, options: pulumi.ComponentResourceOptions = {}) {
    const settings = parseIdentityProvider(name, args)
    super('gatewright:index:IdentityProvider', name, {}, options)
    adviseProviderLine(pulumi.getRootDirectory())
    // Several stacks may share one tenant.
    const displayName = `${pulumi.getProject()} (${pulumi.getStack()})`
    const context = { id: name, displayName, parent: this, folders: programFolders() }
    const provider = createIdentityProvider(context, settings)
    keepRegistrar(this, { name, provider, args, parties: new Map() })
    this.issuer = provider.issuer
    this.directory = provider.directory && pulumi.secret(provider.directory)
    this.people = peopleOf(provider.people)
    this.registerOutputs({ issuer: this.issuer })
  }
}

function peopleOf(people: Record<string, LocalPerson> | undefined): IdentityProvider['people'] {
  return people && pulumi.secret(people)
}
