import { X509Certificate } from 'node:crypto'
import { readFileSync, statSync } from 'node:fs'
import { resolve } from 'node:path'

import { type Problem, type StackConfig, StackConfigError } from './config/index.ts'
import { type Logo, LogoMistake, readLogo, requireLight } from './logos/index.ts'

/** Files that a stack names, as they were when its preview began. */
export interface StackFiles {
  /** @param name as the stack file has it @throws Error for a file that no place of the stack file names */
  text(name: string): string
  /** Where the file is, for whoever reads it later. */
  place(name: string): string
  /** @param name as the stack file has it @throws Error for a picture that no place of the stack file names */
  logo(name: string): Logo
  /** Name as the stack file has it → picture. */
  logos: ReadonlyMap<string, Logo>
  /** The stack's own, relative to the project. */
  stackFile: string
}

/** What is needed of them where no picture is shown. */
export type TextFiles = Pick<StackFiles, 'text'>

/** A place in the stack file that names a file. */
interface Mention {
  path: string
  name: string
  /** A key is there for the gateway alone to read, and is not looked into. */
  holds: 'certificates' | 'key' | 'logo'
}

/** One after the other, with whatever text between them (RFC 7468 §2). */
const CERTIFICATES = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g

/**
 * Reads every file that a stack names.
 * @param folder of the stack's project, which names are relative to
 * @param stackFile the stack's own, relative to the project
 * @throws StackConfigError with each file that is not there or is not what is asked for
 */
export function readStackFiles(stack: StackConfig, folder: string, stackFile = ''): StackFiles {
  const read: Contents = { texts: new Map(), logos: new Map() }
  const problems = mentions(stack).flatMap(({ path, name, holds }): Problem[] => {
    const file = resolve(folder, name)
    try {
      take(read, name, holds, file)
      return []
    } catch (error) {
      return [{ path: `gatewright:${path}`, message: `${name}: ${reasonOf(error, file)}` }]
    }
  })
  if (problems.length > 0) throw new StackConfigError(problems)
  return {
    text: (name) => known(read.texts, name),
    place: (name) => resolve(folder, name),
    logo: (name) => known(read.logos, name),
    logos: read.logos,
    stackFile,
  }
}

/** By name. */
interface Contents {
  texts: Map<string, string>
  logos: Map<string, Logo>
}

/** A file that can be read, and does not have what is asked for. */
class ContentMistake extends Error {}

/** @throws ContentMistake, LogoMistake, or what reading throws */
function take({ texts, logos }: Contents, name: string, holds: Mention['holds'], file: string): void {
  if (holds === 'logo') {
    // Looked at before it is read: somebody may name a film.
    requireLight(statSync(file).size)
    logos.set(name, readLogo(readFileSync(file)))
    return
  }
  const text = readFileSync(file, 'utf8')
  const mistake = holds === 'certificates' ? certificateMistake(text) : keyMistake(text)
  if (mistake !== undefined) throw new ContentMistake(mistake)
  texts.set(name, text)
}

function reasonOf(error: unknown, file: string): string {
  if (error instanceof ContentMistake || error instanceof LogoMistake) return error.message
  return `cannot be read (${(error as NodeJS.ErrnoException).code ?? 'unknown'}); looked for at ${file}`
}

function known<T>(contents: ReadonlyMap<string, T>, name: string): T {
  const content = contents.get(name)
  if (content === undefined) throw new Error(`${name} was not read`)
  return content
}

function mentions({ routes, target, brands, identityProviders }: StackConfig): Mention[] {
  const ofRoutes = Object.entries(routes).flatMap(([id, { tls }]): Mention[] => [
    ...(tls?.ca === undefined ? [] : [mention(`routes.${id}.tls.ca`, tls.ca)]),
    ...(tls?.clientCertificate === undefined
      ? []
      : [mention(`routes.${id}.tls.clientCertificate.certificate`, tls.clientCertificate.certificate)]),
  ])
  const tls = target.kind === 'process' ? target.tls : undefined
  const ofTarget = (tls?.certificates ?? []).flatMap(({ certificate, key }, index): Mention[] => [
    mention(`target.tls.certificates[${index}].certificate`, certificate),
    { path: `target.tls.certificates[${index}].key`, name: key, holds: 'key' },
  ])
  return [...ofRoutes, ...ofTarget, ...logosOf('brands', brands), ...logosOf('identityProviders', identityProviders)]
}

function logosOf(what: string, map: Readonly<Record<string, { logo?: string | undefined }>>): Mention[] {
  return Object.entries(map).flatMap(([id, { logo }]): Mention[] =>
    logo === undefined ? [] : [{ path: `${what}.${id}.logo`, name: logo, holds: 'logo' }],
  )
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
