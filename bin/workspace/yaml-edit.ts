import { renameSync, writeFileSync } from 'node:fs'
import { type Document, isNode, parseDocument, type YAMLMap } from 'yaml'
import { Failure } from '../command/index.ts'

/**
 * Parses a stack file's text.
 * @throws Failure `stack_file_invalid`
 */
export function parseStackText(text: string, file: string): Document.Parsed {
  const document = parseDocument(text)
  const [mistake] = document.errors
  if (mistake) throw new Failure('stack_file_invalid', `${file} is not YAML: ${mistake.message}`)
  return document
}

/**
 * Sets an entry of a map in a text. The text is the operator's own, so that nothing else of it changes; an entry that is
 * not there becomes the map's first.
 * @param value YAML on one line
 */
export function setEntry(text: string, map: YAMLMap, key: string, value: string): string {
  const present: unknown = map.get(key, true)
  const [start, last] = isNode(present) ? (present.range ?? [0, 0]) : [startOf(map), startOf(map)]
  // A value with an entry a line reaches to where the next key begins.
  const end = start + text.slice(start, last).trimEnd().length
  const pair = `${key}: ${value}${map.flow ? ', ' : `\n${indentation(text, start)}`}`
  return text.slice(0, start) + (isNode(present) ? value : pair) + text.slice(end)
}

/** Replaces a file in one step: a kill must not leave half of it. */
export function replaceFile(file: string, text: string): void {
  const draft = `${file}.draft`
  writeFileSync(draft, text)
  renameSync(draft, file)
}

/** Where the first key of a map stands in the text. */
function startOf(map: YAMLMap): number {
  const key: unknown = map.items[0]?.key
  return isNode(key) ? (key.range?.[0] ?? 0) : 0
}

function indentation(text: string, offset: number): string {
  return ' '.repeat(offset - text.lastIndexOf('\n', offset - 1) - 1)
}
