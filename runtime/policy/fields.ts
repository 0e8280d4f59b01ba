import type { ASTNode } from '@marcbachmann/cel-js'

/** Every field that a rule can read, with its CEL type: the whole of what `PolicyInput` has. */
export const FIELDS = {
  user: {
    id: 'string',
    email: 'string',
    name: 'string',
    groups: 'list<string>',
    provider: 'string',
    kind: 'string',
    claims: 'map<string, dyn>',
  },
  request: { method: 'string', path: 'string', host: 'string', ip: 'string', time: 'google.protobuf.Timestamp' },
  session: { age: 'google.protobuf.Duration', acr: 'string', amr: 'list<string>', provider: 'string' },
} as const

export type Root = keyof typeof FIELDS

/** One thing that a rule can read. */
export type Field = { [R in Root]: `${R}.${keyof (typeof FIELDS)[R] & string}` }[Root]

/**
 * What a decision may be kept for: what is not here changes only with the session's version. (A session's age and the time
 * pass by themselves; everything of the request is another one's with each request.)
 */
const PER_REQUEST: ReadonlySet<Field> = new Set<Field>([
  'request.method',
  'request.path',
  'request.host',
  'request.ip',
  'request.time',
  'session.age',
])

/** @returns whether all that is read stays the same as long as a session's version does */
export function changesWithSessionAlone(reads: ReadonlySet<Field>): boolean {
  return [...reads].every((field) => !PER_REQUEST.has(field))
}

/** @returns the name that a node reads directly, like `user` of `user.email`; nothing where it is no field of ours */
export function rootOf(node: ASTNode): Root | undefined {
  return node.op === 'id' && isRoot(node.args) ? node.args : undefined
}

export function isRoot(name: string): name is Root {
  return Object.hasOwn(FIELDS, name)
}

/** @returns the field that a node reads, however it is written: `user.email` or `user["email"]` */
export function fieldOf(node: ASTNode): { root: Root; name: string } | undefined {
  if (node.op !== '.' && node.op !== '[]') return undefined
  const root = rootOf(node.args[0])
  const name = node.op === '.' ? node.args[1] : literalText(node.args[1])
  return root === undefined || name === undefined ? undefined : { root, name }
}

/** @returns whether a node reads this very field */
export function isField(node: ASTNode, field: Field): boolean {
  const found = fieldOf(node)
  return found !== undefined && `${found.root}.${found.name}` === field
}

/** @returns the name of a claim that a node reads: `user.claims.department` */
export function claimOf(node: ASTNode): string | undefined {
  if ((node.op !== '.' && node.op !== '[]') || !isField(node.args[0], 'user.claims')) return undefined
  return node.op === '.' ? node.args[1] : literalText(node.args[1])
}

/** @returns the text of a literal string */
export function literalText(node: ASTNode | undefined): string | undefined {
  return node?.op === 'value' && typeof node.args === 'string' ? node.args : undefined
}
