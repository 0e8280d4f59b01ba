import * as pulumi from '@pulumi/pulumi'

import type { StackConfig } from './config/index.ts'
import type { ClientCredential } from './identity-providers/index.ts'
import { SecretKey, SigningKey } from './provider/index.ts'
import type { StackFiles, TextFiles } from './stack-files.ts'

/** By file name. */
export type Secrets = Record<string, pulumi.Input<string>>

/** What the gateway's secrets come from. */
export interface SecretSources {
  /** Of the gateway. */
  name: string
  stack: StackConfig
  /** By identity provider. */
  credentials: Readonly<Record<string, readonly ClientCredential[]>>
  files: StackFiles
}

/** Gathers every secret that the runtime is given a file of, and makes the keys among them. */
export function gatewaySecrets({ name, stack, credentials, files }: SecretSources, parent: pulumi.Resource): Secrets {
  return {
    ...clientSecrets(credentials),
    ...makeKeys(name, stack, parent),
    ...databaseUrl(stack),
    ...mailPassword(stack),
    ...routeSecrets(stack, files),
  }
}

function clientSecrets(registered: Readonly<Record<string, readonly ClientCredential[]>>): Secrets {
  const secrets: Secrets = {}
  for (const [id, credentials] of Object.entries(registered)) {
    for (const { name, clientSecret } of credentials) {
      // A client that shows no credential has none.
      if (clientSecret) secrets[`client-secret.${id}.${name}`] = clientSecret
    }
  }
  return secrets
}

function makeKeys(name: string, { keys }: StackConfig, parent: pulumi.Resource): Secrets {
  const secrets: Secrets = {}
  for (const key of keys.signing) {
    secrets[`signing-key.${key}`] = new SigningKey(`${name}-signing-key-${key}`, { parent }).privateJwk
  }
  for (const key of keys.sealing) {
    secrets[`sealing-key.${key}`] = new SecretKey(`${name}-sealing-key-${key}`, { bytes: 32 }, { parent }).value
  }
  return secrets
}

function databaseUrl({ target }: StackConfig): Secrets {
  return target.kind !== 'none' && target.database ? { 'database-url': target.database.url } : {}
}

/** With what the gateway shows itself to the mail server, where that asks. */
export function mailPassword({ mail }: StackConfig): Secrets {
  return mail?.kind === 'smtp' && mail.password ? { 'mail-password': mail.password } : {}
}

/** What routes show to their apps' servers, and other proxies to us; a route's certificate and key are one file. */
export function routeSecrets({ routes, forwardAuth }: StackConfig, files: TextFiles): Secrets {
  const secrets: Secrets = forwardAuth ? { 'forward-auth-secret': forwardAuth.secret } : {}
  for (const [id, { tls }] of Object.entries(routes)) {
    if (!tls?.clientCertificate) continue
    const { certificate, key } = tls.clientCertificate
    secrets[`upstream-certificate.${id}`] = pulumi.interpolate`${files.text(certificate)}\n${key}`
  }
  return secrets
}
