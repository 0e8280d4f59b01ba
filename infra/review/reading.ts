import * as pulumi from '@pulumi/pulumi'

import { type Brand, parseStack, type Problem, type StackConfig, StackConfigError } from '../config/index.ts'
import { knownCallbacks } from '../relying-parties/index.ts'
import { type Plain, type PlainMap, SecretMark } from './plain.ts'

/** A secret in it is a mark. */
export type Route = Omit<StackConfig['routes'][string], 'tls'> & { tls?: PlainMap | undefined }

/** It has no secret. */
export type BrandView = Brand

/** A relying party other than the gateway. */
export interface PartyView {
  /** Without a secret. */
  settings: PlainMap
  /** Of its client, as far as they are known before a deployment. */
  callbacks: readonly string[]
}

/** A stack file with every default filled in and no secret left in it. */
export interface StackView {
  /** The origin of the login host that names the stack at vendors; a stack that is not there has none. */
  url: string | undefined
  brands: ReadonlyMap<string, BrandView>
  identityProviders: ReadonlyMap<string, PlainMap>
  routes: ReadonlyMap<string, Route>
  relyingParties: ReadonlyMap<string, PartyView>
  /** Everything else, by its name under `gatewright:`; the stack's own name is a brand's. */
  settings: ReadonlyMap<string, Plain>
}

/** One version of a stack file, as far as it can be read without a credential. */
export type StackReading =
  | { state: 'absent' }
  | { state: 'read'; stack: StackView }
  /** A message never repeats what stands where a secret may stand. */
  | { state: 'unreadable'; problems: readonly Problem[] }

/** Stands for a secret while the stack is checked: one that is never there, so that nothing looks into it. */
const HIDDEN = pulumi.output(new Promise<string>(() => undefined))

/** Below these a value may be a secret that somebody forgot to encrypt. */
const SECRET_PLACES =
  /\.(?:credentials|client|clientCertificate|clientSecrets|directory|database)(?:[.[]|$)|:forwardAuth|:mail\.password/

/** A stack that is not there: nothing in it. */
export const NO_STACK: StackView = {
  url: undefined,
  brands: new Map(),
  identityProviders: new Map(),
  routes: new Map(),
  relyingParties: new Map(),
  settings: new Map(),
}

/**
 * Checks a version of a stack file without a credential: ciphertext is not opened and the environment is not read.
 * @param input the values under `gatewright:` as YAML has them; undefined where there is no such file
 */
export function readStack(input: unknown): StackReading {
  if (input === undefined) return { state: 'absent' }
  try {
    const { url, brands, identityProviders, routes, relyingParties, ...settings } = parseStack(hideSecrets(input))
    const raw = entry(input, 'identityProviders')
    return {
      state: 'read',
      stack: {
        url,
        brands: new Map(Object.entries(brands)),
        identityProviders: new Map(
          Object.entries(identityProviders).map(([id, provider]) => [
            id,
            plainOf(provider, entry(raw, id)) as PlainMap,
          ]),
        ),
        routes: new Map(
          Object.entries(routes).map(([id, route]) => [id, plainOf(route, entry(entry(input, 'routes'), id)) as Route]),
        ),
        relyingParties: new Map(
          Object.entries(relyingParties).map(([id, party]) => [
            id,
            {
              settings: plainOf(party, entry(entry(input, 'relyingParties'), id)) as PlainMap,
              callbacks: knownCallbacks(party),
            },
          ]),
        ),
        settings: new Map(
          Object.entries(settings)
            .filter(([name]) => name !== 'name')
            .map(([name, value]) => [name, plainOf(value, entry(input, name))]),
        ),
      },
    }
  } catch (error) {
    if (!(error instanceof StackConfigError)) throw error
    return { state: 'unreadable', problems: error.problems.map(withoutSecret) }
  }
}

/** Puts a placeholder where there is ciphertext, or the name of an environment variable that only a deployment has. */
function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const isSecret = entries.length === 1 && ['secure', 'env'].includes(entries[0]?.[0] ?? '')
  if (isSecret && typeof entries[0]?.[1] === 'string') return HIDDEN
  return Object.fromEntries(entries.map(([key, inner]) => [key, hideSecrets(inner)]))
}

/** @param raw the same place in the stack file: a secret is told from another by what stands there */
function plainOf(value: unknown, raw: unknown): Plain {
  if (pulumi.Output.isInstance(value)) return new SecretMark(raw)
  if (Array.isArray(value)) return value.map((item, index) => plainOf(item, entry(raw, String(index))))
  if (typeof value !== 'object' || value === null) return value as Plain
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, plainOf(inner, entry(raw, key))]))
}

function withoutSecret({ path, message }: Problem): Problem {
  const repeatsValue = SECRET_PLACES.test(path) && !/^is (?:unknown|missing)/.test(message)
  return repeatsValue ? { path, message: 'is not what is asked for here' } : { path, message }
}

function entry(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined
}
