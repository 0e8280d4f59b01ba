import fc from 'fast-check'
import { parsers } from 'prettier/plugins/markdown'
import { describe, expect, it } from 'vitest'

import { compareStacks, readStack, renderReview } from '../../../infra/review/index.ts'
import { markdown, page, table } from '../../../infra/review/markdown.ts'
import { say } from '../../../infra/review/phrase.ts'
import { anyCharacter } from '../../support/any-character.ts'
import { smallStack, type Stack } from './stack.ts'

const seed = 20_261_122

interface Node {
  type: string
  value?: string
  children?: Node[]
}

/** What a reader of Markdown sees: the nodes, with what code spans hold blanked, and pieces of one text put together. */
function structure(text: string): unknown {
  return shape(parsers.markdown.parse(text, {} as never) as Node)
}

function shape(node: Node): unknown {
  if (node.type === 'inlineCode') return 'code'
  if (node.type === 'text' || node.type === 'html') return `${node.type} ${node.value ?? ''}`
  const children = (node.children ?? []).map(shape).reduce<unknown[]>((seen, child) => {
    // An entity between two spans is a pipe of one quoted text.
    const isPiece =
      seen.at(-1) === 'code' && (child === 'code' || (typeof child === 'string' && /^text \|+$/.test(child)))
    return isPiece ? seen : [...seen, child]
  }, [])
  return [node.type, children]
}

/** Everything that means something somewhere in Markdown, on GitHub, or to an eye; one a line. */
const MEANINGFUL = String.raw`
|
||
\
\|
${'`'}
${'`'.repeat(2)}
${'`'.repeat(3)}
*
_
~~
#
- x
> x
<img src=x onerror=alert(1)>
</code>
<!--
-->
&#96;
&lt;
![x](https://evil.example/x.png)
[x](https://evil.example)
https://evil.example
www.evil.example
@octocat
p@evil.example
#1
:warning:
$$x$$`.split('\n')
const UNSEEN = [
  '\n',
  '\n\n',
  '\r\n',
  '\u2028',
  '\t',
  ' ',
  '\u202e',
  '\u2066',
  '\u200b',
  '\u0000',
  '\u001b[31m',
  '\ud800',
]

const hostile = fc
  .array(fc.oneof(fc.constantFrom(...MEANINGFUL, ...UNSEEN), fc.string({ unit: anyCharacter, maxLength: 3 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((parts) => parts.join(''))
  .filter((text) => text.trim() !== '')

/** A change in which a text stands wherever the stack file takes any. */
function changed(text: string): { before: Stack; after: Stack } {
  const before = smallStack()
  const after = smallStack()
  after.routes['docs']!['public'] = `x${text}x`
  after.routes['wiki']!['allow'] = `${JSON.stringify(`x${text}x`)} in user.groups`
  after.routes['more'] = { from: 'https://m.acme.example', to: 'http://m', public: `x${text}x` }
  Object.assign(after.identityProviders['staff']!, { name: `x${text}x`, allowedGroups: [`x${text}x`] })
  after.identityProviders['guests']!['client'] = { id: `x${text}x`, secret: 'changed' }
  after['name'] = `x${text}x`
  return { before, after }
}

const render = ({ before, after }: { before: unknown; after: unknown }, stack: string) =>
  renderReview(compareStacks(readStack(before), readStack(after)), stack)

describe('a text of the stack file', () => {
  it('stays in its cell and in its code span', () => {
    const cell = (text: string) => table(['one', 'two'], [[markdown(say`a ${text} b`), 'end']]).join('\n')
    const plain = structure(cell('harmless'))
    fc.assert(
      fc.property(hostile, (text) => {
        expect(structure(cell(`x${text}x`))).toEqual(plain)
        expect(structure(markdown(say`- ${`x${text}x`}: ${[`x${text}x`]}`))).toEqual(
          structure('- `harmless`: `harmless`'),
        )
      }),
      { seed, numRuns: 120 },
    )
  })

  it('changes nothing of the page but what stands in its own code spans', () => {
    const plain = structure(render(changed('harmless'), 'production'))
    fc.assert(
      fc.property(hostile, (text) => {
        // A lone surrogate is no YAML; a rule may not hold one either.
        const rendered = render(changed(text.toWellFormed()), `x${text}x`)
        expect(structure(rendered)).toEqual(plain)
      }),
      { seed, numRuns: 10 },
    )
  })

  it('that is no stack file at all does neither', () => {
    const problem = (name: string) => ({ before: smallStack(), after: { ...smallStack(), [`x${name}x`]: 1 } })
    const plain = structure(render(problem('harmless'), 'production'))
    fc.assert(
      fc.property(hostile, (text) => {
        expect(structure(render(problem(text), 'production'))).toEqual(plain)
      }),
      { seed, numRuns: 10 },
    )
  })

  it.each([
    ['a|b', '`a`&#124;`b`'],
    ['a\\|b', '`a\\`&#124;`b`'],
    ['`', '`` ` ``'],
    ['a``b`c', '```a``b`c```'],
    ['two\nlines', '`two lines`'],
    ['\u202egnp.exe', '`⟨U+202E⟩gnp.exe`'],
    ['\ud800', '`⟨U+D800⟩`'],
    ['staff\u00a0', '`staff⟨U+00A0⟩`'],
    ['s\u3164t\u034fa\ufe0ff\u2800f', '`s⟨U+3164⟩t⟨U+034F⟩a⟨U+FE0F⟩f⟨U+2800⟩f`'],
    [' ', '(empty)'],
    ['x'.repeat(700), `\`${'x'.repeat(600)} … (100 more characters)\``],
  ])('%j is shown as %s', (text, shown) => {
    expect(markdown(say`${text}`)).toBe(shown)
  })
})

describe('a page', () => {
  it('that is too long for a comment is cut at a line, and says so before anything else', () => {
    const lines = Array.from({ length: 3_000 }, (_, index) => `- line ${index} ${'x'.repeat(30)}`)
    const text = page('Stack', 'Access widens.', [{ title: 'All', lines }])
    expect(text.length).toBeLessThan(60_000)
    const [, , verdict, , warning, , , , first] = text.split('\n')
    const left = text.match(/^- line/gm)?.length ?? 0
    expect(left).toBeGreaterThan(1_000)
    expect([verdict, warning, first]).toEqual([
      '**Access widens.**',
      `**${3_000 - left} more lines do not fit here: run \`npm run review\` to see them.**`,
      lines[0],
    ])
  })

  it('that fits is whole, without sections that have nothing', () => {
    const sections = [
      { title: 'None', lines: [] },
      { title: 'One', lines: ['- a'] },
    ]
    expect(page('Stack', 'Nothing changes.', sections)).toBe('## Stack\n\n**Nothing changes.**\n\n### One\n\n- a\n')
  })
})
