import * as z from 'zod'

import { identifier, isSafe } from '../../../runtime/config.ts'
import { broughtClient } from '../identity-providers/brought-client.ts'
import { accessGroups } from '../identity-providers/common.ts'
import { label, subdomain } from '../kubernetes/names.ts'

/** Where people come to a relying party: it may have a path, where several apps share a host. */
export const publicUrl = z
  .string()
  .refine((text) => isWhole(text), 'write it as https://host or https://host/path: no slash at its end, no ? and no #')
  .refine(
    (text) => !isWhole(text) || isSafe(text),
    'use https; plain http is only for hosts on this machine (localhost and *.localhost)',
  )

/** What every kind of relying party may say. */
export const commonParty = {
  url: publicUrl,
  /** Where its people sign in: one of the stack's; no brand has to offer it. */
  identityProvider: identifier,
  /** Names of the groups whose members may sign in to it; those of the identity provider where it is left out. */
  allowedGroups: accessGroups.allowedGroups.unwrap().min(1, 'name a group, or leave it out').optional(),
  /** How it shows its client's secret: only where the software is set up otherwise than it comes. */
  authMethod: z.enum(['client_secret_basic', 'client_secret_post']).optional(),
  /** The vendor's id of a client that exists, to take over instead of making one. */
  import: z.string().min(1).optional(),
  /** One that somebody made by hand, where the vendor has no way to register it: of its own, and not the gateway's. */
  client: broughtClient.optional(),
}

/** A Secret of the cluster, in a namespace that exists. */
export const kubernetesSecret = z.strictObject({ namespace: label, name: subdomain })

export type KubernetesSecretSettings = z.output<typeof kubernetesSecret>

function isWhole(text: string): boolean {
  const url = URL.parse(text)
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return false
  return text === url.origin + (url.pathname === '/' ? '' : url.pathname) && !text.endsWith('/')
}
