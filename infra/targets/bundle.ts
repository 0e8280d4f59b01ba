import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

import type { BuildOptions } from 'esbuild'

/** The programs that a stack may start, and where each begins. */
const ENTRIES = {
  gateway: 'runtime/main.ts',
  'identity-provider': 'infra/local/identity-provider/main.ts',
  mailbox: 'infra/local/mailbox/main.ts',
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
 * Gives a program as one ESM file without native add-ons. Bundling takes a second, and every preview comes by here: what
 * was bundled of these very sources is remembered.
 * @param folder where the file goes, named after its content
 * @returns the ready-made bundle where the package brings one
 */
export async function bundleProgram(program: ProgramName, folder: string): Promise<Bundle> {
  const ready = join(root, 'dist/bundles', `${program}.mjs`)
  if (!import.meta.url.endsWith('.ts')) return { file: ready, digest: digestOf(readFileSync(ready)) }
  const memo = join(folder, `${program}.${sourceDigest().slice(0, 16)}`)
  const known = existsSync(memo) ? bundleAt(folder, program, readFileSync(memo, 'utf8')) : undefined
  if (known && existsSync(known.file)) return known
  const content = await bundleSource(program)
  const bundle = bundleAt(folder, program, digestOf(content))
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeWhole(bundle.file, content)
  writeWhole(memo, bundle.digest)
  return bundle
}

function bundleAt(folder: string, program: ProgramName, digest: string): Bundle {
  return { file: join(folder, `${program}-${digest.slice(0, 16)}.mjs`), digest }
}

/** Over everything that a bundle is made from: our sources, and by the lockfile all packages. */
function sourceDigest(): string {
  const hash = createHash('sha256')
  for (const folder of ['runtime', 'infra/local', 'infra/targets']) {
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).toSorted()) {
      if (name.endsWith('.ts'))
        hash
          .update(`${folder}/${name}\0`)
          .update(readFileSync(join(root, folder, name)))
          .update('\0')
    }
  }
  return hash.update(readFileSync(join(root, 'package-lock.json'))).digest('hex')
}

/** Another preview may read the file while it is written. */
function writeWhole(file: string, content: string | Uint8Array): void {
  writeFileSync(`${file}.${process.pid}`, content)
  renameSync(`${file}.${process.pid}`, file)
}

/** Bundles a program from its sources. */
export function bundleSource(program: ProgramName): Promise<Uint8Array> {
  return bundleEntry(ENTRIES[program], {
    format: 'esm',
    // Some packages are CommonJS inside; an ES module has no `require` of its own.
    banner: { js: "import{createRequire}from'node:module';const require=createRequire(import.meta.url);" },
  })
}

/**
 * Bundles what begins at a file of the project, the same on every machine.
 * @param entry path from the project's root
 * @param form module format, and what it needs around it
 * @throws Error with esbuild's findings
 */
export async function bundleEntry(
  entry: string,
  form: Pick<BuildOptions, 'format' | 'banner' | 'define'>,
): Promise<Uint8Array> {
  // Loaded here: it is seldom needed.
  const { build } = await import('esbuild')
  const result = await build({
    absWorkingDir: root,
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    target: 'node24',
    // Class and function names stay: for stack traces in the log, and oidc-provider files its records under them. To shorten
    // them and keep them beside (`keepNames`) would name every closure again each time that it is made; simpler syntax drops
    // the names of class expressions.
    minifyWhitespace: true,
    legalComments: 'none',
    write: false,
    logLevel: 'warning',
    ...form,
  })
  const [file] = result.outputFiles
  if (!file) throw new Error(`bundling ${entry} gave no file`)
  return file.contents
}

function digestOf(content: Uint8Array): string {
  return createHash('sha256').update(content).digest('hex')
}
