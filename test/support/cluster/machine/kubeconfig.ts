import { stringify } from 'yaml'

import type { Credentials } from '../api/index.ts'

/**
 * The file that kubectl and Pulumi's provider read, with one context, `test`.
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/
 */
export function kubeconfigOf({ server, token, certificate }: Credentials): string {
  const authority = Buffer.from(certificate).toString('base64')
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    'current-context': 'test',
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'admin' } }],
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': authority } }],
    users: [{ name: 'admin', user: { token } }],
  })
}
