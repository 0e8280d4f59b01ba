import { X509Certificate } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls'

import { oneLine } from '../program/index.ts'

/** Where a certificate (with its chain, leaf first) and its key lie, both in PEM. */
export interface CertificateFiles {
  certificateFile: string
  keyFile: string
}

/** A certificate with its key, ready for handshakes. */
export interface Certificate {
  leaf: X509Certificate
  /** The pair as it is read. */
  pem: { cert: string; key: string }
  context: SecureContext
}

/**
 * TLS 1.2 and 1.3, with forward secrecy and authenticated encryption alone: nothing that HTTP/2 forbids (RFC 9113 §9.2.2),
 * nothing that RFC 9325 §4.2 advises against.
 */
export const TLS_OPTIONS = {
  minVersion: 'TLSv1.2',
  ciphers: [
    'TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
    'ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384',
    'ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305',
  ].join(':'),
} as const satisfies SecureContextOptions

/**
 * Reads a certificate and its key.
 * @throws Error that names the files, when one cannot be read or they do not fit; nothing of the key is in it
 */
export async function readCertificate({ certificateFile, keyFile }: CertificateFiles): Promise<Certificate> {
  try {
    const [cert, key] = await Promise.all([readFile(certificateFile, 'utf8'), readFile(keyFile, 'utf8')])
    const leaf = new X509Certificate(cert)
    return { leaf, pem: { cert, key }, context: createSecureContext({ ...TLS_OPTIONS, cert, key }) }
  } catch (error) {
    const text = `the certificate ${certificateFile} with the key ${keyFile} cannot be used: ${oneLine(error)}`
    throw new Error(text, { cause: error })
  }
}

/**
 * What changes when a file is written or replaced, links followed.
 * @returns a text that stands for both files as they are now; a file that is not there has its own
 */
export async function fileMarks({ certificateFile, keyFile }: CertificateFiles): Promise<string> {
  const marks = [certificateFile, keyFile].map(async (file) => {
    try {
      // With what may have made it readable.
      const { ino, mtimeMs, ctimeMs, size } = await stat(file)
      return `${ino}:${mtimeMs}:${ctimeMs}:${size}`
    } catch (error) {
      return oneLine(error)
    }
  })
  return (await Promise.all(marks)).join(' ')
}

/**
 * Chooses by the name that a client asks for (SNI): a certificate that has the name itself comes before one for a wildcard.
 * @param name as the client wrote it
 * @returns undefined when none is for that name
 */
export function certificateFor(certificates: readonly Certificate[], name: string): Certificate | undefined {
  const wanted = name.toLowerCase()
  let byWildcard: Certificate | undefined
  for (const certificate of certificates) {
    const matched = certificate.leaf.checkHost(wanted, { subject: 'never', partialWildcards: false })
    if (matched?.toLowerCase() === wanted) return certificate
    if (matched !== undefined) byWildcard ??= certificate
  }
  return byWildcard
}
