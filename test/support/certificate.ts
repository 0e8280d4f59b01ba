import { execFile } from 'node:child_process'
import { readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

export interface CertificateOnDisk {
  certificateFile: string
  keyFile: string
  pem: string
}

/**
 * Makes a certificate that signs itself.
 * @param folder where the files go; those of the same name are replaced, the key first
 * @param hosts the names that it is for
 */
export async function makeCertificate(
  folder: string,
  name: string,
  hosts: readonly string[],
  days = 30,
): Promise<CertificateOnDisk> {
  const certificateFile = join(folder, `${name}.crt`)
  const keyFile = join(folder, `${name}.key`)
  const names = hosts.map((host) => `DNS:${host}`).join(',')
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', `${keyFile}.new`]
  const what = ['-subj', '/CN=test', '-addext', `subjectAltName=${names}`, '-days', String(days)]
  await run('openssl', ['req', '-x509', ...key, '-out', `${certificateFile}.new`, ...what])
  await rename(`${keyFile}.new`, keyFile)
  await rename(`${certificateFile}.new`, certificateFile)
  return { certificateFile, keyFile, pem: await readFile(certificateFile, 'utf8') }
}
