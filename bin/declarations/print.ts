import type { Type } from 'typescript/unstable/sync'

import type { Field, Types } from './program.ts'

/** Declarations that were printed on the way, by name. */
export type Declarations = Map<string, string>

/** How every secret looks to the compiler: a value, a variable of the environment, or an output. */
const SECRET = new Set(['string', '{ env: string; }', 'Output<string>'])

/**
 * Writes a map of settings as interfaces: one for it, and one for each kind of thing that it has, so that an editor shows a
 * field with its comment where the schema's own type would be a page of machinery.
 * @param name of the interface
 * @param comment above it
 * @returns the declarations, each a whole statement; fields keep the order of the schema
 */
export function printSettings(types: Types, type: Type, name: string, comment: string): Declarations {
  const declarations: Declarations = new Map()
  const fields = types.fieldsOf(type).map((field) => {
    const printed = named(types, field, declarations) ?? printType(types, withoutUndefined(types, field))
    return printField(field, printed)
  })
  declarations.set(name, `${printComment(comment)}export interface ${name} {\n${indent(fields.join('\n'))}\n}\n`)
  return declarations
}

/** A part of the settings that gets a name of its own: a map of things of one kind, or a thing with fields. */
function named(types: Types, field: Field, declarations: Declarations): string | undefined {
  const members = withoutUndefined(types, field)
  const [only] = members
  const isNamed = members.every((member) => member.isObjectType() && !types.itemOf(member))
  if (!only || !isNamed) return undefined
  const entry = members.length === 1 ? types.entryOf(only) : undefined
  const subject = pascal(entry ? singular(field.name) : field.name)
  const parts = entry ? membersOf(entry) : members
  const name = declareParts(types, parts, subject, field.comment, declarations)
  return entry ? `Record<string, ${name}>` : name
}

/** Of several kinds of one thing each has a name, and all together have one. */
function declareParts(
  types: Types,
  parts: readonly Type[],
  subject: string,
  comment: string,
  declarations: Declarations,
): string {
  const name = `${subject}Args`
  const [only] = parts
  if (only && parts.length === 1) {
    declarations.set(name, `${printComment(comment)}export interface ${name} ${printObject(types, only)}\n`)
    return name
  }
  const names = parts.map((part) => {
    const kind = kindOf(types, part)
    const own = `${pascal(kind)}${name}`
    const says = `${comment === '' ? subject : comment.replace(/\.$/, '')}, of kind \`${kind}\`.`
    declarations.set(own, `${printComment(says)}export interface ${own} ${printObject(types, part)}\n`)
    return own
  })
  declarations.set(name, `${printComment(comment)}export type ${name} = ${names.join(' | ')}\n`)
  return name
}

/** @throws Error where a kind of thing does not say which one it is: there would be no name for it */
function kindOf(types: Types, type: Type): string {
  const kind = types.fieldsOf(type).find(({ name }) => name === 'kind')
  if (!kind?.type.isStringLiteralType()) throw new Error(`no kind tells this apart: ${types.text(type).slice(0, 200)}`)
  return kind.type.value
}

function printObject(types: Types, type: Type): string {
  const fields = types
    .fieldsOf(type)
    .map((field) => printField(field, printType(types, withoutUndefined(types, field))))
  return `{\n${indent(fields.join('\n'))}\n}`
}

function printField({ name, isOptional, comment, fallback }: Field, printed: string): string {
  const key = /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)
  // As the schema takes it: what is not known yet may be written as undefined.
  const lines = [comment, ...(fallback === undefined ? [] : [`@default ${fallback}`])]
  const says = lines.filter((line) => line !== '').join('\n')
  return `${printComment(says)}${key}${isOptional ? `?: ${printed} | undefined` : `: ${printed}`}`
}

function printType(types: Types, members: readonly Type[]): string {
  const texts = members.map((member) => types.text(member))
  if (texts.includes('Output<string>')) {
    const rest = members.filter((_, index) => !SECRET.has(texts[index] ?? ''))
    return ['Secret', ...(rest.length > 0 ? [printType(types, rest)] : [])].join(' | ')
  }
  // `boolean` is one to a reader, and two to the compiler.
  const isAnyBoolean = ['true', 'false'].every((text) => texts.includes(text))
  return [
    ...new Set(
      members.map((member) => (isAnyBoolean && member.isBooleanLiteralType() ? 'boolean' : printMember(types, member))),
    ),
  ].join(' | ')
}

function printMember(types: Types, type: Type): string {
  if (!type.isObjectType()) return types.text(type)
  const item = types.itemOf(type)
  if (item) return listOf(types, item)
  const fields = types.fieldsOf(type)
  const entry = types.entryOf(type)
  if (entry && fields.length === 0) return `Record<string, ${printType(types, membersOf(entry))}>`
  return fields.length > 0 ? printObject(types, type) : types.text(type)
}

function listOf(types: Types, item: Type): string {
  const members = membersOf(item)
  const printed = printType(types, members)
  return members.length > 1 ? `(${printed})[]` : `${printed}[]`
}

function withoutUndefined(types: Types, { type }: Field): Type[] {
  return membersOf(type).filter((member) => types.text(member) !== 'undefined')
}

function membersOf(type: Type): readonly Type[] {
  return type.isUnionType() ? type.getTypes() : [type]
}

function printComment(comment: string): string {
  if (comment === '') return ''
  const lines = comment.replaceAll('*/', '*\\/').split('\n')
  return lines.length === 1
    ? `/** ${lines[0]} */\n`
    : `/**\n${lines.map((line) => ` * ${line}`.trimEnd()).join('\n')}\n */\n`
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ')
}

function pascal(name: string): string {
  return name.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function singular(name: string): string {
  return name.endsWith('ies') ? `${name.slice(0, -3)}y` : name.replace(/s$/, '')
}
