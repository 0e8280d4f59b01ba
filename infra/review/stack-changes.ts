import { addressOf, answerWords } from '../route-words.ts'
import type { Pair } from './pairs.ts'
import { pairs } from './pairs.ts'
import { type Phrase, say } from './phrase.ts'
import { changedFields, field, isPlainMap, isSame, oneLine, type Plain } from './plain.ts'
import type { Route, StackView } from './reading.ts'

/**
 * Routes that come, go or move, a phrase each. Who may pass is told elsewhere.
 * @param heirs ids of other routes that answer from now on where this one did
 */
export function compareRoute({ id, before, after }: Pair<Route>, heirs: readonly string[]): Phrase[] {
  if (!before && after) return [say`${id} is added: ${addressOf(after)} leads to ${answerWords(after)}`]
  if (before && !after) {
    const end = heirs.length > 0 ? say`falls to ${heirs}` : say`leads nowhere any more`
    return [say`${id} is removed: ${addressOf(before)} ${end}`]
  }
  if (!before || !after) return []
  return [
    ...differing(addressOf(before), addressOf(after), (former, now) => {
      const rest = heirs.length > 0 ? say`; what is left behind falls to ${heirs}` : say``
      return say`${id} moves from ${former} to ${now}${rest}`
    }),
    ...differing(
      answerWords(before),
      answerWords(after),
      (former, now) => say`${id} leads to ${now} instead of ${former}`,
    ),
    ...(before.public === undefined || after.public === undefined || before.public === after.public
      ? []
      : [say`${id} stays public, for another reason: ${after.public}`]),
    ...(before.allowEncodedSlash === after.allowEncodedSlash
      ? []
      : [say`${id}: allowEncodedSlash is now ${oneLine(after.allowEncodedSlash)}`]),
    ...DETAILS.filter((name) => !isSame(before[name], after[name])).map((name) => say`${id}: ${name} changes`),
  ]
}

/** How requests get to the app and back. */
const DETAILS = [
  'balance',
  'protocol',
  'healthCheck',
  'retries',
  'timeouts',
  'limits',
  'tls',
  'preserveHost',
  'rewrite',
  'requestHeaders',
  'responseHeaders',
  'respond',
  'identity',
  'brand',
] as const satisfies readonly (keyof Route)[]

function differing(before: string, after: string, words: (before: string, after: string) => Phrase): Phrase[] {
  return before === after ? [] : [words(before, after)]
}

/** What changes of the stack as a whole, a phrase for each setting; of its brands elsewhere. */
export function compareSettings(before: StackView, after: StackView): Phrase[] {
  const rest = pairs(before.settings, after.settings).filter((pair) => !isSame(pair.before, pair.after))
  return rest.flatMap(({ id, before: former, after: present }) => setting(id, former, present))
}

function setting(name: string, before: Plain, after: Plain): Phrase[] {
  // Told with the rules, each with its reason.
  if (name === 'allowances') return []
  if (name === 'target') return target(before, after)
  if (name === 'session' || name === 'keys') return eachField(name, before, after)
  if (['sampleApp', 'trustedProxies', 'admins'].includes(name)) return [changed(name, before, after)]
  if (name === 'forwardAuth')
    return [
      say`${name}: ${before === undefined ? 'other proxies may ask from now on' : after === undefined ? 'no other proxy may ask any more' : 'another secret'}`,
    ]
  if (name === 'mail' && isPlainMap(before) && isPlainMap(after))
    return [say`mail: ${changedFields(before, after)} changes`]
  if (name === 'mail')
    return [after === undefined ? say`mail is gone` : say`mail is sent from now on: ${place(after) ?? ''}`]
  if (['tokenIssuers', 'serviceAccounts', 'accounts'].includes(name)) return [say`${name} change`]
  return [say`${name} changes`]
}

function eachField(name: string, before: Plain, after: Plain): Phrase[] {
  if (!isPlainMap(before) || !isPlainMap(after)) return [changed(name, before, after)]
  return changedFields(before, after).map((inner) =>
    changed(`${name}.${inner}`, field(before, inner), field(after, inner)),
  )
}

/** Settings of a target that have no secret in them: they are shown. */
const SHOWN: readonly string[] = ['namespace', 'image', 'bundle', 'ingress', 'metrics', 'systemd', 'replicas', 'volume']

/** Kind and addresses, and what else can be shown; of the other settings only the names, for they may hold a secret. */
function target(before: Plain, after: Plain): Phrase[] {
  const [former, present] = [place(before), place(after)]
  if (!isPlainMap(before) || !isPlainMap(after)) return [changed('target', former, present)]
  const isSameKind = before['kind'] === after['kind']
  const names = changedFields(before, after).filter((name) => !['kind', 'listen', 'admin'].includes(name))
  const others = names.filter((name) => !isSameKind || !SHOWN.includes(name))
  const rest = others.length > 0 ? say`; also ${others}` : say``
  const moved = former === present ? [] : [say`${changed('target', former, present)}${rest}`]
  const hidden = former === present && others.length > 0 ? [say`target: ${others} changes`] : []
  const shown = names.filter((name) => !others.includes(name))
  return [
    ...moved,
    ...hidden,
    ...shown.map((name) => changed(`target.${name}`, field(before, name), field(after, name))),
  ]
}

function place(value: Plain): string | undefined {
  if (value === undefined) return undefined
  const address = (name: string): string => {
    const listener = field(value, name)
    return isPlainMap(listener) ? ` ${name} ${oneLine(listener['host'])}:${oneLine(listener['port'])}` : ''
  }
  return `${oneLine(field(value, 'kind'))}${address('listen')}${address('admin')}`
}

function changed(name: string, before: Plain, after: Plain): Phrase {
  if (before === undefined) return say`${name} is now ${oneLine(after)}`
  return after === undefined
    ? say`${name} is gone; it was ${oneLine(before)}`
    : say`${name} from ${oneLine(before)} to ${oneLine(after)}`
}
