import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import { build } from 'esbuild'

/** The programs that a stack may start, and where each begins. */
const ENTRIES = {
  gateway: 'runtime/main.ts',
  'identity-provider': 'infra/local/identity-provider/main.ts',
  'sample-app': 'infra/local/sample-app/main.ts',
} as const

export type ProgramName = keyof typeof ENTRIES
export const PROGRAMS = Object.keys(ENTRIES) as ProgramName[]

/** One file that a stock Node runs. */
export interface Bundle {
  /** Absolute. */
  file: string
  /** SHA-256 over the file, hex: equal on every machine for equal sources. */
  digest: string
}

/** The root of the project, or of the installed package, where the bundles lie ready. */
const root = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? '../../' : '../../../', import.meta.url))

/**
 * Bundles a program into one ESM file without native add-ons.
 * @param folder where the file goes, named after its content
 * @returns the ready-made bundle where the package brings one
 */
export async function bundleProgram(program: ProgramName, folder: string): Promise<Bundle> {
  const ready = join(root, 'dist/bundles', `${program}.mjs`)
  if (!import.meta.url.endsWith('.ts')) return { file: ready, digest: digestOf(readFileSync(ready)) }
  const content = await bundleSource(program)
  const digest = digestOf(content)
  const file = join(folder, `${program}-${digest.slice(0, 16)}.mjs`)
  if (!existsSync(file)) {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    writeFileSync(`${file}.${process.pid}`, content)
    renameSync(`${file}.${process.pid}`, file)
  }
  return { file, digest }
}

/** Bundles a program from its sources. */
export async function bundleSource(program: ProgramName): Promise<Uint8Array> {
  const result = await build({
    absWorkingDir: root,
    entryPoints: [ENTRIES[program]],
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node24',
    minify: true,
    // Class and function names stay, for stack traces in the log.
    keepNames: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
    // Some packages are CommonJS inside; an ES module has no `require` of its own.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
  const [file] = result.outputFiles
  if (!file) throw new Error(`bundling ${program} gave no file`)
  return file.contents
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
