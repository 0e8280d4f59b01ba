import type { Logger } from 'pino'

import { oneLine } from '../program/index.ts'
import { type Certificate, type CertificateFiles, fileMarks, readCertificate } from './certificate.ts'

/** How often files are looked at, in milliseconds. */
const LOOK_MS = 5_000

/** From when on an end is told of, and how often, in milliseconds. */
const WARN_BEFORE_MS = 14 * 86_400_000
const WARN_EVERY_MS = 86_400_000

/** When a certificate ends. */
export interface CertificateExpiry {
  /** Its file. */
  file: string
  /** Milliseconds since 1970. */
  expiresAt: number
}

/** The certificates in force, kept up to date with their files. */
export interface Certificates {
  /**
   * Puts these in force, and looks at the files of those that are. The first one is shown where no other fits.
   * @throws Error that names the files of one that cannot be used; then nothing has changed
   */
  use(files: readonly CertificateFiles[]): Promise<void>
  readonly inForce: readonly Certificate[]
  expiries(): CertificateExpiry[]
  close(): void
}

interface Entry {
  files: CertificateFiles
  certificate: Certificate
  /** Of the files as they were read last, whether they could be used or not. */
  marks: string
  warnedAt: number
}

/**
 * @param log told of what was read, refused, and ends soon
 * @param changed called when other certificates are in force than before
 */
export function createCertificates(log: Logger, changed: () => void): Certificates {
  let entries: readonly Entry[] = []
  let looking: Promise<void> | undefined

  async function look(): Promise<void> {
    for (const entry of entries) {
      const marks = await fileMarks(entry.files)
      if (marks !== entry.marks) await replace(entry, marks)
      warn(entry, log)
    }
  }
  /** Certificate and key are two files, and one is written first: what does not fit yet is looked at again when it changes. */
  async function replace(entry: Entry, marks: string): Promise<void> {
    entry.marks = marks
    try {
      entry.certificate = await readCertificate(entry.files)
      log.info({ certificate: entry.files.certificateFile, until: entry.certificate.leaf.validTo }, 'Certificate read')
      changed()
    } catch (error) {
      log.error({ error: oneLine(error) }, 'Certificate refused, the one before stays')
    }
  }
  const timer = setInterval(() => {
    looking ??= look().finally(() => (looking = undefined))
  }, LOOK_MS).unref()

  return {
    get inForce() {
      return entries.map(({ certificate }) => certificate)
    },
    async use(files) {
      await looking
      const known = new Map(entries.map((entry) => [keyOf(entry.files), entry]))
      const next = await Promise.all(files.map(async (pair) => known.get(keyOf(pair)) ?? readEntry(pair)))
      entries = next
      await look()
      changed()
    },
    expiries: () =>
      entries.map(({ files, certificate }) => ({
        file: files.certificateFile,
        expiresAt: certificate.leaf.validToDate.getTime(),
      })),
    close: () => clearInterval(timer),
  }
}

async function readEntry(files: CertificateFiles): Promise<Entry> {
  // Before the content: what is written in between is seen at the next look.
  const marks = await fileMarks(files)
  return { files, marks, certificate: await readCertificate(files), warnedAt: 0 }
}

function warn(entry: Entry, log: Logger): void {
  const now = Date.now()
  const { validTo, validToDate } = entry.certificate.leaf
  if (validToDate.getTime() - now > WARN_BEFORE_MS || now - entry.warnedAt < WARN_EVERY_MS) return
  entry.warnedAt = now
  log.warn({ certificate: entry.files.certificateFile, until: validTo }, 'Certificate ends soon')
}

function keyOf({ certificateFile, keyFile }: CertificateFiles): string {
  return JSON.stringify([certificateFile, keyFile])
}
