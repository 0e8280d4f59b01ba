import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate and its key, in PEM. */
export interface KeyPair {
  cert: string
  key: string
}

/** An authority of its own with certificates for both sides, made for one run of the tests. */
export interface Certificates {
  /** The authority's certificate, in PEM. */
  ca: string
  /** For `app.internal` and 127.0.0.1. */
  server: KeyPair
  client: KeyPair
  /** Signed by nobody. */
  stranger: KeyPair
}

const EC = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2']

/** Makes them with openssl. */
export function createCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-upstreams-'))
  const path = (name: string): string => join(folder, name)
  const read = (name: string): string => readFileSync(path(name), 'utf8')
  const make = (name: string, extension: string, signer: string[]): KeyPair => {
    const files = ['-keyout', path(`${name}.key`), '-out', path(`${name}.pem`)]
    const subject = ['-subj', `/CN=${name}`, '-addext', extension]
    execFileSync('openssl', ['req', '-x509', ...EC, ...files, ...subject, ...signer], { stdio: 'ignore' })
    return { cert: read(`${name}.pem`), key: read(`${name}.key`) }
  }
  try {
    const { cert: ca } = make('authority', 'keyUsage=critical,keyCertSign', [])
    const signed = ['-CA', path('authority.pem'), '-CAkey', path('authority.key')]
    return {
      ca,
      server: make('server', 'subjectAltName=DNS:app.internal,IP:127.0.0.1', signed),
      client: make('client', 'extendedKeyUsage=clientAuth', signed),
      stranger: make('stranger', 'subjectAltName=IP:127.0.0.1', []),
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
