import * as pulumi from '@pulumi/pulumi'

import type { IdentityProviderArgs } from './args.ts'
import type { IdentityProvider } from './identity-providers/index.ts'

/** By what clients are registered at an identity provider of the library. */
export interface Registrar {
  /** What it is called in the program. */
  name: string
  provider: IdentityProvider
  args: IdentityProviderArgs
  /** Those that have a client there by now, by name, as a stack file would have them. */
  parties: Map<string, object>
}

/** Beside the components, so that their types show nothing of it. */
const registrars = new WeakMap<pulumi.Resource, Registrar>()

/** Keeps it for as long as the component is there. */
export function keepRegistrar(component: pulumi.Resource, registrar: Registrar): void {
  registrars.set(component, registrar)
}

/** @throws RunError for what is no identity provider, or one of another copy of this package */
export function registrarOf(component: pulumi.Resource): Registrar {
  const registrar = registrars.get(component)
  if (registrar) return registrar
  throw new pulumi.RunError('identityProvider is no IdentityProvider of this package: is gatewright installed twice?')
}
