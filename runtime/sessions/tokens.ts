import type { Sealer } from '../keys/index.ts'
import type { ProviderTokens } from '../providers/index.ts'
import type { Session } from '../store/index.ts'

const KIND = 'tokens'

/** @param id of the session that they belong to: they cannot be opened as another's */
export function sealTokens(sealer: Sealer, id: string, tokens: ProviderTokens): string {
  return sealer.seal(KIND, id, JSON.stringify(tokens))
}

/** @returns nothing when the key that sealed them is gone, or they are another session's */
export function openTokens(
  sealer: Sealer,
  { id, sealedTokens }: Pick<Session, 'id' | 'sealedTokens'>,
): ProviderTokens | undefined {
  const plain = sealer.open(KIND, id, sealedTokens)
  return plain === undefined ? undefined : (JSON.parse(plain) as ProviderTokens)
}
