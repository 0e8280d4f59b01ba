import { execFileSync } from 'node:child_process'

import { Failure, findProgram } from '../../bin/command/index.ts'

/** Programs that the bench runs → the Debian package that brings each. */
const PACKAGES = { wrk: 'wrk', nginx: 'nginx', haproxy: 'haproxy', taskset: 'util-linux' } as const

export type Tool = keyof typeof PACKAGES

/** Debian keeps servers where only an administrator's PATH looks. */
function searchPath(): string {
  return `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`
}

/** @returns the absolute path; undefined when it is not installed */
export function findTool(name: string): string | undefined {
  return findProgram(name, searchPath())
}

/**
 * Finds the programs that no comparison can do without.
 * @param find gives a program's path
 * @throws Failure `bench_tool_missing` that names all that are missing, and the packages
 */
export function requireTools(find: (name: string) => string | undefined = findTool): Record<Tool, string> {
  const found = Object.fromEntries(Object.keys(PACKAGES).map((name) => [name, find(name)]))
  const missing = (Object.keys(PACKAGES) as Tool[]).filter((name) => found[name] === undefined)
  if (missing.length > 0) {
    const packages = [...new Set(missing.map((name) => PACKAGES[name]))].join(' ')
    throw new Failure('bench_tool_missing', `The bench needs ${missing.join(', ')}: apt-get install ${packages}`)
  }
  return found as Record<Tool, string>
}

/** A program's version as it says it itself; empty where it says none. */
export function versionOf(file: string, flag: string): string {
  // nginx answers on stderr.
  const text = execFileSync('/bin/sh', ['-c', '"$1" "$2" 2>&1', 'version', file, flag], { encoding: 'utf8' })
  return /\d+\.\d+(?:\.\d+)?/.exec(text)?.[0] ?? ''
}
