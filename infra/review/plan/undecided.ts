import type { Difference } from './differences.ts'
import type { EnginePlan, ResourceChange } from './plan.ts'

/** A step of a path as the engine writes it: `.name`, or `["with-a-dash"]`. */
const STEP = String.raw`(?:\.[\w$]+|\["(?:[^"\\]|\\.)*"\])`

/** Of the gateway's configuration: what lets nobody in, and what the rules of routes have told already. */
const DECIDED = new RegExp(
  [
    String.raw`^config\.identityProviders${STEP}\.(?:name|buttonText|authMethod|responseMode)$`,
    String.raw`^config\.brands${STEP}\.name$`,
    String.raw`^config\.(?:registrations|keys|trustedProxies)(?:\.|\[|$)`,
    String.raw`^config\.routes${STEP}(?:\.access(?:\.allow|\.public)?|\.bearer)?$`,
    String.raw`^config\.routes${STEP}\.signIn(?:\.|$)`,
    String.raw`^(?!config)`,
  ].join('|'),
)

/** Whose loss only keeps people out. */
const NARROWER = new RegExp(
  String.raw`^config\.(?:(?:identityProviders|serviceAccounts|tokenIssuers)${STEP}|(?:routes|brands)${STEP}\.(?:identityProviders|websocketOrigins))$`,
)

/** Made, deleted and proven in a rotation; they let nobody in. */
const CREDENTIAL = /^gatewright-native:(?:key:|\w+:(?:ClientSecret|ApplicationSecret|ServiceKey|CredentialProof)$)/

/**
 * What is to change beside the rules of routes, and may let others in: at a vendor, or in whom the gateway believes. What
 * only puts back what somebody changed by hand is not among it.
 */
export function undecidedChanges({ planned, drift }: Pick<EnginePlan, 'planned' | 'drift'>): ResourceChange[] {
  return planned.filter((change) => {
    if (CREDENTIAL.test(change.type) || putsBack(change, drift)) return false
    if (change.runsGateway)
      return change.operation !== 'delete' && change.differences.some((difference) => !isDecided(difference))
    const { differences } = change
    return change.operation !== 'change' || !differences.every(({ kind }) => kind === 'secret')
  })
}

function isDecided({ path, kind }: Difference): boolean {
  return DECIDED.test(path) || (kind === 'removed' && NARROWER.test(path))
}

function putsBack(change: ResourceChange, drift: readonly ResourceChange[]): boolean {
  const found = drift.find(({ name, type }) => name === change.name && type === change.type)
  if (!found) return false
  if (found.operation === 'delete') return change.operation === 'create'
  return change.differences.every((planned) => found.differences.some((driven) => isInverse(planned, driven)))
}

function isInverse(one: Difference, other: Difference): boolean {
  if (one.path !== other.path) return false
  if (one.kind === 'changed')
    return other.kind === 'changed' && one.before === other.after && one.after === other.before
  if (one.kind === 'secret') return other.kind === 'secret'
  const opposite = one.kind === 'added' ? 'removed' : 'added'
  return other.kind === opposite && one.value === other.value
}
