import { markdown, type Section, table } from '../markdown.ts'
import { type Phrase, say } from '../phrase.ts'
import type { RuleFinding } from './review-rule.ts'
import type { RuleReport } from './judge.ts'
import { REVIEW_RULES } from './table.ts'

/** @returns the section of a review about its rules: broken ones first, then what is allowed and why; empty where nothing is to say */
export function rulesSection(report: RuleReport): Section {
  const { broken, allowed, unneeded, isNew } = report
  const mark = (finding: RuleFinding): string => (isNew(finding) ? '**new** ' : '')
  const rows = [
    ...broken.map((finding) =>
      row(finding, `${mark(finding)}**broken**`, { parts: [REVIEW_RULES[finding.code].advice] }),
    ),
    ...allowed.map((finding) => row(finding, `${mark(finding)}allowed`, say`${finding.reason}`)),
  ]
  const rest = unneeded.map((place) => `- ${markdown(say`${place} allows nothing that is there: take it out.`)}`)
  const lines = table(['rule', 'where', 'what is found', '', 'what to do, or why it is allowed'], rows)
  return { title: 'Rules', lines: rest.length > 0 && lines.length > 0 ? [...lines, '', ...rest] : [...lines, ...rest] }
}

/** @returns a sentence for the top of a review; empty where no rule is broken */
export function rulesVerdict({ broken }: RuleReport): string {
  const codes = [...new Set(broken.map(({ code }) => code))]
  if (codes.length === 0) return ''
  return codes.length === 1
    ? `A rule is broken: ${codes[0]}.`
    : `${codes.length} rules are broken: ${codes.join(', ')}.`
}

function row(finding: RuleFinding, state: string, then: Phrase): string[] {
  const { code, path, says } = finding
  return [`\`${code}\``, markdown(say`${path}`), markdown(says), state, markdown(then)]
}
