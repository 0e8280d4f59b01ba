import * as z from 'zod'

import type { ProviderFunction } from '../resource-type.ts'
import { openApi } from './api.ts'
import { connectionSchema } from './schema.ts'

const groupSchema = z.object({ id: z.string(), name: z.string() })

/**
 * Lists every group of an environment, those of all populations. Takes `domain`, `environmentId` and `credentials`; gives
 * `groups`, each with `id` and `name`.
 * @see https://developer.pingidentity.com/pingone-api/platform/groups.html
 */
export const getGroups: ProviderFunction = async (args, signal) => {
  const api = openApi(connectionSchema.parse(args), signal)
  return { groups: await api.list('groups', 'groups', groupSchema) }
}
