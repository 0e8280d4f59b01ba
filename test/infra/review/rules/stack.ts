import { judgeRules, readStack, type ReviewedStack, type RuleReport } from '../../../../infra/review/index.ts'
import type { Stack } from '../stack.ts'

/** 2026-11-20, in milliseconds since 1970. */
export const NOW_MS = Date.UTC(2026, 10, 20)

/** A stack that keeps every rule. */
export function goodStack(): Stack {
  return {
    url: 'https://login.acme.example',
    identityProviders: {
      staff: {
        kind: 'pocket-id',
        url: 'https://sso.acme.example',
        credentials: { apiKey: { secure: 'v1:cipher' } },
        removal: 'protected',
      },
    },
    routes: {
      wiki: { from: 'https://wiki.acme.example', to: 'http://wiki:3000', allow: '"staff" in user.groups' },
      docs: { from: 'https://docs.acme.example', to: 'http://docs:3000', public: 'manuals for customers' },
    },
    allowances: { single_replica: 'one machine is all we have' },
  }
}

/** @throws Error where the stack is none that can be read */
export function reviewed(stack: Stack, deployment?: ReviewedStack['deployment']): ReviewedStack {
  const reading = readStack(stack)
  if (reading.state !== 'read') throw new Error(JSON.stringify(reading))
  return { stack: reading.stack, input: stack, nowMs: NOW_MS, ...(deployment && { deployment }) }
}

/** Asks the rules about a good stack that was changed. */
export function judgeChanged(change: (stack: Stack) => void, deployment?: ReviewedStack['deployment']): RuleReport {
  const stack = goodStack()
  change(stack)
  return judgeRules(reviewed(stack, deployment))
}

/** Broken rules, one line each: code, place and what was found. */
export function brokenLines({ broken }: RuleReport): string[] {
  return broken.map(({ code, path, says: { parts } }) => {
    const words = parts.map((part) => (typeof part === 'string' ? part : part.quoted)).join('')
    return `${code} ${path} ${words}`
  })
}
