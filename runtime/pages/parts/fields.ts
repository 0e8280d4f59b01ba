import { raw } from 'hono/html'

import type { Look } from '../look.ts'
import { markup, type Markup } from '../markup.ts'
import { pageWords } from '../words/index.ts'

/** What every field has. */
interface NamedField {
  name: string
  label: string
  /** Unique in the page. @default the name */
  id?: string | undefined
  /** What may be written, said before anybody does. @default none */
  hint?: string | undefined
  /** What is wrong with what was written. @default nothing */
  problem?: string | undefined
}

export interface FieldOptions extends NamedField {
  type: 'text' | 'email' | 'password' | 'url' | 'date' | 'datetime-local'
  /** What browsers and password managers fill in (HTML Living Standard §4.10.18.7), like `username webauthn`; `off` for nothing. */
  autocomplete: string
  /** A password's never goes back to its page. @default empty */
  value?: string | undefined
  /** Said behind the label where it is not. @default true */
  required?: boolean
  minLength?: number | undefined
  /** @default 254, as long as an address may be (RFC 5321 §4.5.3.1.3) */
  maxLength?: number
  /** Where typing begins. At most one per page. @default false */
  autofocus?: boolean
}

/** One line to fill in. */
export function field(look: Pick<Look, 'language'>, options: FieldOptions): Markup {
  const { type, autocomplete, required = true, minLength, maxLength = 254, autofocus = false } = options
  const id = options.id ?? options.name
  const optional = required ? undefined : markup` <small>(${pageWords(look.language).parts.optional})</small>`
  const value = type === 'password' ? undefined : options.value
  const isProse = type === 'text' && !/username|one-time-code|^off$/.test(autocomplete)
  return markup`<div class="field"><label for="${id}">${options.label}${optional}</label>
<input class="input" id="${id}" name="${options.name}" type="${type}" autocomplete="${autocomplete}" maxlength="${maxLength}"${
    minLength === undefined ? undefined : markup` minlength="${minLength}"`
  }${value === undefined ? undefined : markup` value="${value}"`}${flag('required', required)}${flag('autofocus', autofocus)}${
    isProse ? undefined : raw(' autocapitalize="none" spellcheck="false"')
  }${described(options, id)}>${explanations(options, id)}</div>`
}

export interface SelectOptions extends NamedField {
  choices: readonly { value: string; label: string }[]
  value: string
}

/** One of several, where all are known. */
export function select(options: SelectOptions): Markup {
  const { name, label, choices, value: chosen, id = name } = options
  return markup`<div class="field"><label for="${id}">${label}</label>
<select class="input" id="${id}" name="${name}"${described(options, id)}>${choices.map(
    ({ value, label: choice }) =>
      markup`<option value="${value}"${flag('selected', value === chosen)}>${choice}</option>`,
  )}</select>${explanations(options, id)}</div>`
}

/** A yes or no that is sent along as `name=value` or not at all. */
export function checkbox({
  name,
  value = 'on',
  label,
  checked = false,
}: Pick<NamedField, 'name' | 'label'> & { value?: string; checked?: boolean }): Markup {
  return markup`<label class="choice"><input type="checkbox" name="${name}" value="${value}"${flag('checked', checked)}><span>${label}</span></label>`
}

/** What a form carries along, unseen. */
export function hidden(fields: readonly (readonly [name: string, value: string])[]): Markup {
  return markup`${fields.map(([name, value]) => markup`<input type="hidden" name="${name}" value="${value}">`)}`
}

function flag(name: string, on: boolean): Markup | undefined {
  return on ? raw(` ${name}`) : undefined
}

function described({ hint, problem }: NamedField, id: string): Markup | undefined {
  const ids = [...(problem === undefined ? [] : [`${id}-problem`]), ...(hint === undefined ? [] : [`${id}-hint`])]
  if (ids.length === 0) return undefined
  const invalid = problem === undefined ? undefined : raw(' aria-invalid="true"')
  return markup`${invalid} aria-describedby="${ids.join(' ')}"`
}

function explanations({ hint, problem }: NamedField, id: string): Markup {
  return markup`${problem === undefined ? undefined : markup`<p class="problem" id="${id}-problem">${problem}</p>`}${
    hint === undefined ? undefined : markup`<p class="hint" id="${id}-hint">${hint}</p>`
  }`
}
