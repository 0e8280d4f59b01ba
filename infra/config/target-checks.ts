import type { Report } from './problems.ts'
import type { StackParts } from './schema.ts'

/** What a stack says that runs no gateway. */
export function checkNothingRuns(stack: StackParts, report: Report): void {
  const { others } = stack.names
  if (stack.target?.kind !== 'none') {
    if (!others.includes('routes')) report(['routes'], 'is missing')
    return
  }
  for (const name of OF_THE_GATEWAY) {
    if (others.includes(name)) report([name], 'is the gateway’s, and none runs here (target.kind: none): leave it out')
  }
  if (stack.names.relyingParties.length === 0) {
    report(['target', 'kind'], 'none is for a stack of relyingParties alone, and there are none')
  }
}

/** What only a gateway has a use for. */
const OF_THE_GATEWAY = [
  'url',
  'brands',
  'routes',
  'session',
  'keys',
  'tokenIssuers',
  'serviceAccounts',
  'mail',
  'accounts',
  'admins',
  'trustedProxies',
  'forwardAuth',
  'sampleApp',
]
