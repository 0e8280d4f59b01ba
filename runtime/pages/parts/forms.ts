import type { Look } from '../look.ts'
import { address, markup, type Markup } from '../markup.ts'
import { pageWords } from '../words/index.ts'
import { hidden } from './fields.ts'
import { linkButton } from './links.ts'

export interface FormOptions {
  /** Where it posts to; name its origin, and where the answer leads, in the answer's `formAction`. */
  action: string
  /** Fields and buttons. */
  body: Markup
  /** @default none */
  carries?: readonly (readonly [name: string, value: string])[]
  /** For a script of the page. @default none */
  id?: string | undefined
}

/**
 * A form that changes something, and so a POST; whoever answers it checks its Origin.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function form({ action, body, carries = [], id }: FormOptions): Markup {
  return markup`<form method="post" action="${address(action)}"${id === undefined ? undefined : markup` id="${id}"`}>${hidden(carries)}${body}</form>`
}

export interface ButtonOptions {
  label: string
  /** What the form says when this one was pressed. @default nothing */
  says?: { name: string; value: string }
  /** `primary` is what most people want; `danger` cannot be undone; `primary danger` is the last step to that. */
  emphasis?: 'primary' | 'danger' | 'primary danger' | 'compact' | 'compact danger' | undefined
}

/** Sends the form that it stands in. */
export function submit({ label, says, emphasis }: ButtonOptions): Markup {
  const named = says === undefined ? undefined : markup` name="${says.name}" value="${says.value}"`
  return markup`<button class="button${emphasis === undefined ? '' : ` ${emphasis}`}" type="submit"${named}>${label}</button>`
}

/** Buttons and links below each other, or in a row where there is room. */
export function actions(ways: readonly Markup[], shape: 'stack' | 'row' = 'stack'): Markup {
  return markup`<div class="actions${shape === 'row' ? ' row' : ''}">${ways}</div>`
}

export interface ConfirmOptions extends Omit<FormOptions, 'body'> {
  /** What is about to happen, in a sentence or two. */
  question: Markup | string
  confirm: string
  cancelHref: string
  /** Whether it cannot be undone. @default 'harmless' */
  risk?: 'harmless' | 'danger'
}

/**
 * Asks before something happens; the way back comes last, and changes nothing.
 * @throws TypeError when an address is neither a path nor an http(s) URL
 */
export function confirmForm(look: Pick<Look, 'language'>, options: ConfirmOptions): Markup {
  const { question, confirm, cancelHref, risk = 'harmless', ...rest } = options
  const yes = submit({ label: confirm, emphasis: risk === 'danger' ? 'primary danger' : 'primary' })
  const no = linkButton({ href: cancelHref, label: pageWords(look.language).parts.cancel })
  return markup`<p class="lead">${question}</p>${form({ ...rest, body: actions([yes, no]) })}`
}

/**
 * Searches by a GET, so that what was found has an address; other parameters of that address are carried along.
 * @throws TypeError when `action` is neither a path nor an http(s) URL
 */
export function searchForm(
  look: Pick<Look, 'language'>,
  options: { action: string; label: string; name: string; value: string; clearHref: string } & Pick<
    FormOptions,
    'carries'
  >,
): Markup {
  const { action, label, name, value, clearHref, carries = [] } = options
  const words = pageWords(look.language).parts
  const clear = value === '' ? undefined : linkButton({ href: clearHref, label: words.clear, emphasis: 'compact' })
  return markup`<form class="search" method="get" action="${address(action)}" role="search">${hidden(carries)}
<input class="input" type="search" name="${name}" value="${value}" aria-label="${label}" placeholder="${label}" maxlength="254" autocomplete="off" spellcheck="false">
${submit({ label: words.search, emphasis: 'compact' })}${clear}</form>`
}
