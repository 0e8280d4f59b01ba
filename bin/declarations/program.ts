import { isPropertyAssignment, isShorthandPropertyAssignment } from 'typescript/unstable/ast'
import {
  API,
  type Checker,
  type IndexInfo,
  type Project,
  SymbolFlags,
  type Symbol as TypeSymbol,
  type Type,
} from 'typescript/unstable/sync'

/** A field of an object type. */
export interface Field {
  name: string
  type: Type
  isOptional: boolean
  /** Its doc comment; empty where it has none. */
  comment: string
  /** What stands there where it is left out, as the schema says it. */
  fallback: string | undefined
}

/** What the compiler knows of a type, as far as declarations are written from it. */
export interface Types {
  fieldsOf(type: Type): Field[]
  /** @returns what every entry of a map is, where the type is one */
  entryOf(type: Type): Type | undefined
  /** @returns what every item of a list is, where the type is one */
  itemOf(type: Type): Type | undefined
  /** In one line, whole. */
  text(type: Type): string
}

/** A flag of the compiler’s printer: nothing is cut off. */
const WHOLE = 1

/**
 * Has the compiler look at one type of the project.
 * @param config absolute path of the `tsconfig` that has the file
 * @param file absolute path
 * @param name of an exported type alias
 * @param read gets the type; nothing of it may be kept
 * @throws Error where there is no such file or type
 */
export function withType<T>(config: string, file: string, name: string, read: (types: Types, type: Type) => T): T {
  const api = new API({})
  try {
    const snapshot = api.updateSnapshot({ openProject: config })
    const [project] = snapshot.getProjects()
    const source = project?.program.getSourceFile(file)
    if (!project || !source) throw new Error(`${config} has no ${file}`)
    const position = source.text.indexOf(`type ${name} =`)
    const type = position < 0 ? undefined : project.checker.getTypeAtPosition(file, position + 'type '.length)
    if (!type || type.isErrorType()) throw new Error(`${file} has no type ${name}`)
    return read(typesOf(project), type)
  } finally {
    api.close()
  }
}

function typesOf(project: Project): Types {
  const { checker } = project
  return {
    fieldsOf: (type) => checker.getPropertiesOfType(type).map((symbol) => fieldOf(project, symbol)),
    entryOf: (type) => (checker.isArrayType(type) ? undefined : entryOf(checker.getIndexInfosOfType(type))),
    itemOf: (type) => (checker.isArrayType(type) ? checker.getTypeArguments(type as never)[0] : undefined),
    text: (type) => checker.typeToString(type, undefined, WHOLE),
  }
}

function fieldOf(project: Project, symbol: TypeSymbol): Field {
  const type = project.checker.getTypeOfSymbol(symbol)
  if (!type) throw new Error(`the compiler knows no type of ${symbol.name}`)
  return {
    name: symbol.name,
    type,
    isOptional: (symbol.flags & SymbolFlags.Optional) !== 0,
    comment: commentOf(project, symbol),
    fallback: fallbackOf(project, symbol),
  }
}

/** Of what ends in `.default(…)`; a name there would say nothing to a reader. */
function fallbackOf(project: Project, symbol: TypeSymbol): string | undefined {
  const node = (symbol.valueDeclaration ?? symbol.declarations[0])?.resolve(project)
  if (!node || !isPropertyAssignment(node)) return undefined
  const [, text] = /\.(?:default|prefault)\(([^()]*)\)$/s.exec(node.initializer.getText()) ?? []
  const shown = text?.replaceAll(/\s+/g, ' ').trim()
  const isValue = shown !== undefined && (/^(?:true|false)$/.test(shown) || /^[^A-Za-z{]/.test(shown))
  return isValue && shown !== '[]' ? shown : undefined
}

/** A field without a comment of its own has that of the schema which it is made of: `scopes: scopes.default(…)`. */
function commentOf(project: Project, symbol: TypeSymbol): string {
  const { checker } = project
  const own = checker.getDocumentationCommentOfSymbol(symbol).trim()
  const node = (symbol.valueDeclaration ?? symbol.declarations[0])?.resolve(project)
  if (own !== '' || !node) return own
  if (isShorthandPropertyAssignment(node)) {
    const value = checker.getShorthandAssignmentValueSymbol(node)
    return value ? commentOfValue(checker, value) : ''
  }
  if (!isPropertyAssignment(node)) return ''
  const start = node.initializer.getStart()
  const [, wrapper = ''] = /^((?:z\.array\(|z\.record\(identifier, )?)\w/.exec(node.initializer.getText()) ?? []
  const value = checker.getSymbolAtPosition(node.getSourceFile().fileName, start + wrapper.length)
  return value ? commentOfValue(checker, value) : ''
}

function commentOfValue(checker: Checker, symbol: TypeSymbol): string {
  const isImported = (symbol.flags & SymbolFlags.Alias) !== 0
  const original = isImported ? checker.getAliasedSymbol(symbol) : symbol
  // Of the library that schemas are made with, not of the schema.
  return original.name === 'z' ? '' : checker.getDocumentationCommentOfSymbol(original).trim()
}

function entryOf(infos: readonly IndexInfo[]): Type | undefined {
  return infos[0]?.valueType
}
