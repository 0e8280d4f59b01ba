import * as z from 'zod'
import { isLoopbackHost } from '../../runtime/net/index.ts'

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  custom: z.boolean().default(false),
  inputs: z.object({ issuer: z.string().optional().catch(undefined) }).default({}),
})
const checkpoint = z.object({
  checkpoint: z.object({ latest: z.object({ resources: z.array(resource).default([]) }).optional() }),
})

/** A resource that a stack still has. */
export type Remaining = z.infer<typeof resource>

/**
 * Lists the resources in a stack's state that stand for something outside of it: no components, no providers.
 * @param state content of the file backend's file; types and addresses are readable in it without the passphrase
 * @returns `undefined` when it is not such a file
 */
export function remainingResources(state: string): Remaining[] | undefined {
  const read = checkpoint.safeParse(parseJson(state))
  return (
    read.data &&
    (read.data.checkpoint.latest?.resources ?? []).filter(({ custom, type }) => custom && !type.startsWith('pulumi:'))
  )
}

/**
 * Whether nothing of a resource outlives this machine's processes and files: our own processes and keys, and clients of
 * an identity provider that runs here.
 */
export function endsWithThisMachine({ type, inputs }: Remaining): boolean {
  if (type.startsWith('gatewright-native:local:') || type.startsWith('gatewright-native:key:')) return true
  return type === 'gatewright-native:oidc:Client' && isLoopbackHost(URL.parse(inputs.issuer ?? '')?.hostname ?? '')
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Broken off while it was written; the schema says no to it.
    return undefined
  }
}
