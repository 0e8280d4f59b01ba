import { readFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'

import { parse } from 'yaml'

/** Where the API server is, and as whom to come. */
export interface Access {
  /** `https://host:port`, without a path. */
  server: string
  /** PEM; left out, the system's authorities count. */
  authority?: string
  token?: string
  certificate?: { cert: string; key: string }
  /** Of the context; `default` where it says none. */
  namespace: string
}

interface Kubeconfig {
  'current-context'?: string
  contexts?: { name: string; context: { cluster: string; user: string; namespace?: string } }[]
  clusters?: { name: string; cluster: Record<string, string> }[]
  users?: { name: string; user: Record<string, string> }[]
}

/**
 * Finds the cluster as the official plugin does: by content or path, else by KUBECONFIG, else in the home folder.
 * @param configured `kubeconfig` of the provider
 * @param context `context` of the provider; left out, the file's current one
 * @throws Error that names what is missing, and never what is secret
 */
export function readAccess(configured: string | undefined, context: string | undefined): Access {
  const config = parse(contentOf(configured)) as Kubeconfig
  const name = context ?? config['current-context']
  const chosen = config.contexts?.find((entry) => entry.name === name)?.context
  if (!chosen) throw new Error(`invalid configuration: context "${name ?? ''}" is not in the kubeconfig`)
  const cluster = config.clusters?.find((entry) => entry.name === chosen.cluster)?.cluster
  if (!cluster?.['server']) throw new Error(`invalid configuration: cluster "${chosen.cluster}" has no server`)
  const user = config.users?.find((entry) => entry.name === chosen.user)?.user ?? {}
  if ('exec' in user) throw new Error(`this stand-in runs no program for the credentials of user "${chosen.user}"`)
  const authority = pem(cluster, 'certificate-authority')
  const cert = pem(user, 'client-certificate')
  const key = pem(user, 'client-key')
  const token = user['token'] ?? (user['tokenFile'] ? readFileSync(user['tokenFile'], 'utf8').trim() : undefined)
  return {
    server: cluster['server'],
    namespace: chosen.namespace ?? 'default',
    ...(authority ? { authority } : {}),
    ...(token ? { token } : {}),
    ...(cert && key ? { certificate: { cert, key } } : {}),
  }
}

function contentOf(configured: string | undefined): string {
  const given = configured ?? process.env['KUBECONFIG'] ?? join(homedir(), '.kube/config')
  // A path is one line, and no kubeconfig is.
  return given.includes('\n') || given.startsWith('{') ? given : readFileSync(given, 'utf8')
}

function pem(entry: Record<string, string>, name: string): string | undefined {
  const data = entry[`${name}-data`]
  if (data) return Buffer.from(data, 'base64').toString()
  const file = entry[name]
  return file ? readFileSync(file, 'utf8') : undefined
}
