import { ageInDays } from '../../age.ts'
import { say } from '../phrase.ts'
import { type PlainMap, SecretMark, texts } from '../plain.ts'
import type { StackView } from '../reading.ts'
import { allLeaves, placeText } from './places.ts'
import type { Breach, ReviewedStack, ReviewRule } from './review-rule.ts'

/** As infra/relying-parties calls our own. */
const GATEWAY = 'gateway'

/** Git keeps what was once committed. */
export const plainSecret: ReviewRule = {
  title: 'No secret stands in the stack file as it is',
  why: 'Whoever can read the repository has it, now and in its history.',
  advice:
    'Encrypt it with `pulumi config set --path --secret`, or name an environment variable: { env: NAME }. It is known by now: have another one made.',
  ofLocalStacks: true,
  breaches: ({ stack }) =>
    allLeaves(stack).flatMap(({ path, value }) =>
      value instanceof SecretMark && value.isInTheOpen
        ? [{ path: placeText(path), says: say`a secret in plain text` }]
        : [],
    ),
}

/** By when the provider first took it; where nothing is deployed yet or known, by the date that `npm run rotate` calls it by. */
export const secretOverdue: ReviewRule = {
  title: 'No client secret is older than it may become',
  why: 'A secret that leaked unseen works until it is changed, and some vendors end theirs by themselves.',
  advice: '`npm run rotate -- <stack> <identity provider>` lets a new one take over while people sign in.',
  ofLocalStacks: true,
  needsDeployment: true,
  breaches: (reviewed) =>
    [...reviewed.stack.identityProviders].flatMap(([id, settings]) => overdue(id, settings, reviewed)),
}

/** A secret's name is that of a secret at each client of the provider: the gateway's, and those of relying parties. */
function overdue(id: string, settings: PlainMap, reviewed: ReviewedStack): Breach[] {
  const most = settings['clientSecretMaxAgeDays']
  if (typeof most !== 'number') return []
  const parties = [GATEWAY, ...partiesOf(id, reviewed.stack)]
  return texts(settings['clientSecrets']).flatMap((name, index) =>
    parties.flatMap((party) => {
      const since = reviewed.deployment?.proofs.get(`${id}-${party}-${name}-proof`) ?? dateOf(party, name)
      const days = since === undefined ? 0 : ageInDays(since, reviewed.nowMs)
      if (days <= most) return []
      const path = placeText(['identityProviders', id, 'clientSecrets', String(index)])
      const whose = party === GATEWAY ? say`` : say` of ${party}`
      return [{ path, says: say`${name}${whose} is ${days} days old, and is to be at most ${most}` }]
    }),
  )
}

function partiesOf(id: string, { relyingParties }: StackView): string[] {
  return [...relyingParties].filter(([, { settings }]) => settings['identityProvider'] === id).map(([party]) => party)
}

/** @returns ISO 8601; of the gateway alone, so that one name is one finding */
function dateOf(party: string, name: string): string | undefined {
  const date = /^\d{4}-\d{2}(?:-\d{2})?(?=$|-)/.exec(name)?.[0]
  return party === GATEWAY && date !== undefined && !Number.isNaN(Date.parse(date)) ? date : undefined
}
