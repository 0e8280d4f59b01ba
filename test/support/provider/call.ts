import type { Call } from '../../../infra/provider/resource-type.ts'

/** A call of the engine for a resource of this name. */
export function callFor(name: string): Call {
  return { urn: `urn:pulumi:test::project::type::${name}`, name, signal: AbortSignal.timeout(20_000) }
}
