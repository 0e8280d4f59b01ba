import * as z from 'zod'

import type { Sealer } from '../keys/index.ts'
import { isBoundTo } from './binding.ts'

/** Longer ones are left out: addresses have to fit, with cookies, into 16 KiB of headers. */
const MAX_TARGET = 2_000

const schema = z.strictObject({ origin: z.string(), target: z.string().startsWith('/'), bindingHash: z.string() })

/** A page of an app that one browser wants to get back to. */
export type ReturnAddress = z.infer<typeof schema>

/**
 * Where to go on when what an address promises is gone: the store forgets a code with its use, and a person who goes back
 * or reloads still wants to reach their page.
 * @param id digest of the code or value that stands beside it
 * @returns text for a URL's query, empty where the address is too long
 */
export function sealReturnAddress(sealer: Sealer, id: string, address: ReturnAddress): string {
  return address.target.length > MAX_TARGET ? '' : sealer.seal('return-address', id, JSON.stringify(address))
}

/** @returns path and query, `/` unless it was sealed for this very code, this host and this browser */
export function openReturnAddress(
  sealer: Sealer,
  id: string,
  sealed: string | null,
  expected: { origin: string; cookies: ReadonlyMap<string, string> },
): string {
  const plain = sealed ? sealer.open('return-address', id, sealed) : undefined
  const address = plain === undefined ? undefined : schema.safeParse(JSON.parse(plain)).data
  if (address?.origin !== expected.origin || !isBoundTo(expected.cookies, address.bindingHash)) return '/'
  return address.target
}
