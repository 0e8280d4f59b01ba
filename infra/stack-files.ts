import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'

import { type Problem, type StackConfig, StackConfigError } from './config/index.ts'

/** Files that a stack names, as they were when its preview began. */
export interface StackFiles {
  /** @param name as the stack file has it @throws Error for a file that no place of the stack file names */
  text(name: string): string
  /** Where the file is, for whoever reads it later. */
  place(name: string): string
}

/** A place in the stack file that names a file. */
interface Mention {
  path: string
  name: string
  /** A key is there for the gateway alone to read, and is not looked into. */
  holds: 'certificates' | 'key'
}

/** One after the other, with whatever text between them (RFC 7468 §2). */
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Reads every file that a stack names.
 * @param folder of the stack's project, which names are relative to
 * @throws StackConfigError with each file that is not there or is not what is asked for
 */
export function readStackFiles(stack: StackConfig, folder: string): StackFiles {
  const texts = new Map<string, string>()
  const problems: Problem[] = []
  for (const { path, name, holds } of mentions(stack)) {
    const file = resolve(folder, name)
    const problem = (message: string): number =>
      problems.push({ path: `gatewright:${path}`, message: `${name}: ${message}` })
    try {
      const text = readFileSync(file, 'utf8')
      const mistake = holds === 'certificates' ? certificateMistake(text) : keyMistake(text)
      if (mistake === undefined) texts.set(name, text)
      else problem(mistake)
    } catch (error) {
      problem(`cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); looked for at ${file}`)
    }
  }
  if (problems.length > 0) throw new StackConfigError(problems)
  return {
    text(name) {
      const text = texts.get(name)
      if (text === undefined) throw new Error(`${name} was not read`)
      return text
    },
    place: (name) => resolve(folder, name),
  }
}

function mentions({ routes, target }: StackConfig): Mention[] {
  const ofRoutes = Object.entries(routes).flatMap(([id, { tls }]): Mention[] => [
    ...(tls?.ca === undefined ? [] : [mention(`routes.${id}.tls.ca`, tls.ca)]),
    ...(tls?.clientCertificate === undefined
      ? []
      : [mention(`routes.${id}.tls.clientCertificate.certificate`, tls.clientCertificate.certificate)]),
  ])
  const ofTarget = (target.tls?.certificates ?? []).flatMap(({ certificate, key }, index): Mention[] => [
    mention(`target.tls.certificates[${index}].certificate`, certificate),
    { path: `target.tls.certificates[${index}].key`, name: key, holds: 'key' },
  ])
  return [...ofRoutes, ...ofTarget]
}

function mention(path: string, name: string): Mention {
  return { path, name, holds: 'certificates' }
}

function certificateMistake(text: string): string | undefined {
  const found = text.match(CERTIFICATES) ?? []
  if (found.length === 0) return 'has no certificate in PEM (-----BEGIN CERTIFICATE-----)'
  const broken = found.findIndex((pem) => !isCertificate(pem))
  return broken === -1 ? undefined : `its certificate ${broken + 1} cannot be read`
}

function keyMistake(text: string): string | undefined {
  return /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----/.test(text) ? undefined : 'has no private key in PEM'
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0
  } catch {
    return false
  }
}
