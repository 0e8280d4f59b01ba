import { isLoopbackHost } from '../../../runtime/net/index.ts'
import { pathText } from '../../config/index.ts'
import { isPlainMap, type Plain, SecretMark } from '../plain.ts'
import type { StackView } from '../reading.ts'

/** A value of a stack file, and where it stands. */
export interface Place {
  path: readonly string[]
  value: Plain
}

/** @returns the place as a reader of the stack file would write it */
export function placeText(path: readonly string[]): string {
  return pathText(path.map((part) => (/^\d+$/.test(part) ? Number(part) : part)))
}

/** Every value that has no other inside, with its place, in the order of the stack file. */
export function leaves(value: Plain, path: readonly string[]): Place[] {
  if (value instanceof SecretMark) return [{ path, value }]
  if (Array.isArray(value)) return value.flatMap((item: Plain, index) => leaves(item, [...path, String(index)]))
  if (isPlainMap(value)) return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
  return value === undefined ? [] : [{ path, value }]
}

/** All of a stack, by the names that the stack file has for its parts. */
export function allLeaves({ brands, identityProviders, routes, relyingParties, settings }: StackView): Place[] {
  const maps = { brands, identityProviders, routes } as unknown as Record<string, ReadonlyMap<string, Plain>>
  return [
    ...Object.entries(maps).flatMap(([name, map]) => [...map].flatMap(([id, value]) => leaves(value, [name, id]))),
    ...[...relyingParties].flatMap(([id, party]) => leaves(party.settings, ['relyingParties', id])),
    ...[...settings].flatMap(([name, value]) => leaves(value, [name])),
  ]
}

/** Whether nobody but who sits at this machine can sign in: every login host, and every relying party, has one of its own names. */
export function isLocalStack({ brands, relyingParties }: StackView): boolean {
  const parties = [...relyingParties.values()].map(({ settings }) => settings['url'])
  const addresses = [...[...brands.values()].map(({ url }) => url), ...parties]
  return addresses.every((url) => typeof url === 'string' && isLoopbackHost(URL.parse(url)?.hostname ?? ''))
}
