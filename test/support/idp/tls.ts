import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A certificate for hosts of this machine, made for one run of the tests. */
export interface TestCertificate {
  key: string
  cert: string
  /** Path of the certificate: what NODE_EXTRA_CA_CERTS and SSL_CERT_FILE are to name. */
  file: string
  remove(): void
}

/** Makes a self-signed certificate for `localhost`, `*.gw.localhost` and 127.0.0.1, with openssl. */
export function createCertificate(): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'gatewright-tls-'))
  const [keyFile, file] = [join(folder, 'key.pem'), join(folder, 'cert.pem')]
  const names = 'subjectAltName=DNS:localhost,DNS:*.gw.localhost,IP:127.0.0.1'
  const subject = ['-subj', '/CN=Gatewright tests', '-addext', names, '-days', '2']
  const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes']
  execFileSync('openssl', ['req', '-x509', ...curve, '-keyout', keyFile, '-out', file, ...subject], { stdio: 'ignore' })
  return {
    key: readFileSync(keyFile, 'utf8'),
    cert: readFileSync(file, 'utf8'),
    file,
    remove: () => rmSync(folder, { recursive: true }),
  }
}
