import type { Check, ConnectionFindings } from '../../connection-test/index.ts'
import { badge, facts, type Look, copyable, markup, type Markup, notice, section, table } from '../../pages/index.ts'

const STATES = {
  good: ['ok', 'good'],
  wrong: ['wrong', 'alert'],
  unclear: ['unclear', 'neutral'],
  due: ['due', 'warn'],
} as const satisfies Record<Check['state'], readonly [string, 'good' | 'alert' | 'neutral' | 'warn']>

const NAMES = {
  discovery: 'Discovery',
  clock: 'Clock',
  callback: 'Callback URL',
  client: 'Credentials',
  'client secret': 'Client secret',
  tokens: 'Token endpoint',
} as const satisfies Record<Check['what'], string>

/** What a test of a connection found: the provider's addresses, then each check with what to do. */
export function showFindings(
  look: Pick<Look, 'language'>,
  issuer: string,
  { discovery }: ConnectionFindings,
  checks: readonly Check[],
): Markup {
  const isWrong = checks.some(({ state }) => state === 'wrong')
  const isOpen = checks.some(({ state }) => state !== 'good')
  const verdict = isWrong
    ? notice('People cannot sign in with this provider as it stands.', 'alert')
    : isOpen
      ? notice('Nothing is wrong; some of the results need a look.', 'warn')
      : notice('The connection works.', 'good')
  return section('Connection test', markup`${verdict}${whatItSays(issuer, discovery)}${checksTable(look, checks)}`)
}

function whatItSays(issuer: string, discovery: ConnectionFindings['discovery']): Markup {
  const { authorizationEndpoint, tokenEndpoint, jwksUri, signingKeys, offers } = discovery
  const found = (address: string | undefined): Markup =>
    address === undefined ? markup`<span class="note">not found</span>` : markup`<code>${address}</code>`
  const keys = signingKeys === undefined ? 'keys unknown' : `${signingKeys} ${signingKeys === 1 ? 'key' : 'keys'}`
  const algorithms = offers?.algorithms ?? []
  return facts([
    ['Issuer URL', found(issuer)],
    ['Authorization endpoint', found(authorizationEndpoint)],
    ['Token endpoint', found(tokenEndpoint)],
    ['JWKS URI', markup`${found(jwksUri)}<small>${keys}</small>`],
    ['Signing algorithms', algorithms.length === 0 ? 'not said' : algorithms.join(', ')],
  ])
}

function checksTable(look: Pick<Look, 'language'>, checks: readonly Check[]): Markup {
  return table({
    caption: 'Checks, and what to do',
    columns: [{ label: 'Check' }, { label: 'Result' }, { label: 'Details' }],
    rows: checks.map(({ what, state, says, advice }) => {
      const [word, tone] = STATES[state]
      return [markup`${NAMES[what]}`, badge(word, tone), markup`${says}${advice.map((line) => adviceLine(look, line))}`]
    }),
    empty: 'Nothing was checked.',
  })
}

/** An address in a line of its own is there to be pasted somewhere. */
function adviceLine(look: Pick<Look, 'language'>, line: string): Markup {
  return /^https?:\/\/\S+$/.test(line) ? copyable(look, line, 'Address to paste') : markup`<p>${line}</p>`
}
