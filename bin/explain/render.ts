import type { Explanation } from '../../runtime/policy/index.ts'
import type { Answer } from './answer.ts'
import type { Question } from './question.ts'

const OUTCOMES = { true: 'yes  ', false: 'no   ', error: 'error' } as const
const JOINTS = { 'all of': 'all of:', 'one of': 'one of:', not: 'not:' } as const

/** Puts an answer into text for a terminal. */
export function renderAnswer(question: Question, answer: Answer): string {
  return [...head(question, answer), '', ...body(answer), ''].join('\n')
}

function head({ url, method }: Question, answer: Answer): string[] {
  const route = 'routeId' in answer && answer.routeId !== undefined ? [`Route    ${answer.routeId}`] : []
  if (!('input' in answer)) return [`Request  ${method} ${url.href}`, ...route]
  const { user, request } = answer.input
  const who = user.kind === 'program' ? 'a program' : user.email || 'somebody without an address that counts'
  const groups = user.groups.length > 0 ? `in ${user.groups.join(', ')}` : 'in no group'
  const claims = Object.entries(user.claims).map(([name, value]) => `${name} ${JSON.stringify(value)}`)
  const from = request.ip === '' ? 'from an address that nobody said' : `from ${request.ip}`
  return [
    `Request  ${method} ${url.href}`,
    `         ${from}, at ${new Date(request.time).toISOString()}`,
    ...route,
    `Who      ${[who, groups, ...claims, `by ${user.provider || 'nobody'}`].join('; ')}`,
  ]
}

function body(answer: Answer): string[] {
  switch (answer.why) {
    case 'nothing':
      return [`DENIED: ${answer.reason}.`]
    case 'refused':
      return [`DENIED, whoever asks: ${answer.reason}.`]
    case 'own':
      return [`ALLOWED, for everybody: ${answer.reason}.`]
    case 'public':
      return [`ALLOWED, for everybody, without signing in: ${answer.reason}`]
    case 'rule':
    case 'session':
    case 'token':
      return ruled(answer)
  }
}

type Ruled = Extract<Answer, { rule: string }>

function ruled(answer: Ruled): string[] {
  const { rule, explanation, decisive, needs, notes } = answer
  return [
    verdictOf(answer),
    '',
    `The rule lets pass ${rule}.`,
    ...tree(explanation, '  '),
    '',
    'Decided by',
    ...decisive.map(({ words, error }) => `  - ${words}${error === undefined ? '' : ` (${error})`}`),
    ...(needs.length > 0 ? ['', 'Besides, there must be', ...needs.map((need) => `  - ${need}`)] : []),
    ...(notes.length > 0 ? ['', ...notes.map((note) => `Note: ${note}`)] : []),
  ]
}

function verdictOf({ outcome, why, explanation, unmet }: Ruled): string {
  if (why === 'token') return `DENIED: its token does not count here: there must be ${unmet.join(', and ')}.`
  if (why === 'session') {
    return `DENIED for now: they are asked to sign in first, because there must be ${unmet.join(', and ')}.`
  }
  if (outcome === 'allowed') return 'ALLOWED by the rule.'
  return explanation.outcome === 'error'
    ? 'DENIED: the rule reads something that is not there, which denies.'
    : 'DENIED by the rule.'
}

function tree({ outcome, joint, parts, words, error }: Explanation, indent: string): string[] {
  const mark = OUTCOMES[outcome]
  if (joint === undefined) return [`${indent}${mark}  ${words}${error === undefined ? '' : ` (${error})`}`]
  return [`${indent}${mark}  ${JOINTS[joint]}`, ...parts.flatMap((part) => tree(part, `${indent}  `))]
}
