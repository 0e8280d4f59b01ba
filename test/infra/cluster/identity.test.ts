import { describe, expect, it } from 'vitest'

import { digestOf, identifyCluster } from '../../../infra/cluster/index.ts'
import { parseStack } from '../../../infra/config/index.ts'

const KUBECONFIG = `apiVersion: v1
kind: Config
current-context: production
contexts:
  - name: production
    context: { cluster: production, user: admin }
clusters:
  - name: production
    cluster:
      server: https://10.0.0.1:6443
      proxy-url: https://proxy.acme.com
      certificate-authority-data: QUNNRQ==
users:
  - name: admin
    user:
      token: eyJhbGciOi.J9-_x
      client-certificate-data: Q0VSVA==
      client-key-data: "S0VZ"
      password: s3cret
      exec:
        command: aws
        args: [eks, get-token]
        env: [{ name: AWS_PROFILE, value: acme }]
`

const okta = { kind: 'okta', domain: 'acme.okta.com', credentials: { apiToken: 'token' }, allowedGroups: ['staff'] }
const wiki = { kind: 'app', app: 'grafana', url: 'https://grafana.acme.com', identityProvider: 'staff' }

function identify(rest: object) {
  return identifyCluster(parseStack({ identityProviders: { staff: okta }, target: { kind: 'none' }, ...rest }))
}

describe('the identity of a cluster', () => {
  const relyingParties = { wiki: { ...wiki, secret: { namespace: 'wiki', name: 'sso' } } }

  it('is there only where something is put into a cluster', async () => {
    const cluster = { context: 'production' }
    expect(await identify({ cluster, relyingParties: { wiki } })).toBeUndefined()
    expect(await identify({ cluster, relyingParties })).toEqual({ kubeconfig: 'kubectl', context: 'production' })
    expect(await identify({ relyingParties })).toEqual({ kubeconfig: 'kubectl' })
  })

  it('has a digest in the place of a kubeconfig', async () => {
    const cluster = { kubeconfig: KUBECONFIG, context: 'production' }
    const identity = await identify({ cluster, relyingParties })
    expect(identity).toEqual({ kubeconfig: digestOf(KUBECONFIG), context: 'production' })
    expect(identity?.kubeconfig).toMatch(/^sha256:[0-9a-f]{64}$/)
  })

  it('is not made of the path to a kubeconfig, which another file could take', async () => {
    const refused = identify({ cluster: { kubeconfig: './cluster.yaml' }, relyingParties })
    await expect(refused).rejects.toMatchObject({ problems: [{ path: 'gatewright:cluster.kubeconfig' }] })
  })
})

describe("a kubeconfig's digest", () => {
  it.each([
    ['token: eyJhbGciOi.J9-_x', 'token: other'],
    ['Q0VSVA==', 'T1RIRVI='],
    ['"S0VZ"', 'T1RIRVI='],
    ['s3cret', 'other'],
  ])('is the same with another credential (%s)', (from, to) => {
    expect(KUBECONFIG).toContain(from)
    expect(digestOf(KUBECONFIG.replace(from, to))).toBe(digestOf(KUBECONFIG))
    const windows = KUBECONFIG.replaceAll('\n', '\r\n')
    expect(digestOf(windows.replace(from, to))).toBe(digestOf(windows))
  })

  it.each([
    ['server: https://10.0.0.1:6443', 'server: https://evil.example'],
    ['proxy.acme.com', 'proxy.evil.example'],
    ['QUNNRQ==', 'RVZJTA=='],
    ['current-context: production', 'current-context: evil'],
    ['command: aws', 'command: ./evil'],
    ['get-token', 'evil'],
    ['value: acme', 'value: evil'],
    ['      token: eyJhbGciOi.J9-_x\n', ''],
    ['token: eyJhbGciOi.J9-_x', 'token: &x {command: evil}'],
    ['token: eyJhbGciOi.J9-_x', 'token: x\u0085      exec: {command: evil}'],
    ['token: eyJhbGciOi.J9-_x', 'token: x\u2028      exec: {command: evil}'],
    ['token: eyJhbGciOi.J9-_x', 'token: x\r      exec: {command: evil}'],
    ['token: eyJhbGciOi.J9-_x', 'tokenFile: evil'],
  ])('is another one when %j becomes %j', (from, to) => {
    expect(KUBECONFIG).toContain(from)
    expect(digestOf(KUBECONFIG.replace(from, to))).not.toBe(digestOf(KUBECONFIG))
  })
})
