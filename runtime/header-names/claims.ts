import { isOperatorRequestHeader } from './operator.ts'
import { foldName, names } from './reserved.ts'

/** Have a meaning of their own for every app. */
const SAY_SOMETHING_ELSE = names('authorization cookie content-type origin forwarded')

/** Where apps that were written for Pomerium look for claims; clients may send none of this family. */
const POMERIUM_CLAIMS = 'x-pomerium-claim-'

/** A header that cannot be the one of a claim. */
export interface ClaimHeaderMistake {
  name: string
  /** What is wrong with it. */
  message: string
}

/**
 * Says which headers a route cannot tell claims in: the preview refuses a stack by it, and the runtime a release.
 * @param headers their names, in any case
 */
export function claimHeaderMistakes(headers: readonly string[]): ClaimHeaderMistake[] {
  const spellings = new Map<string, string>()
  return headers.flatMap((name): ClaimHeaderMistake[] => {
    const folded = foldName(name)
    const other = spellings.get(folded)
    spellings.set(folded, name)
    return [
      ...(other === undefined ? [] : [{ name, message: `is the same name as ${other} to many apps` }]),
      ...(isClaimHeader(name, folded)
        ? []
        : [{ name, message: 'this name is reserved: the gateway or the protocol gives it a meaning' }]),
    ]
  })
}

function isClaimHeader(name: string, folded: string): boolean {
  if (SAY_SOMETHING_ELSE.has(folded)) return false
  return isOperatorRequestHeader(name) || folded.startsWith(POMERIUM_CLAIMS)
}
