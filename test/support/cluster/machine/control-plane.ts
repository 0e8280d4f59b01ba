import { execFile } from 'node:child_process'
import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'

import { type ApiClient, type Credentials, openApi } from '../api/index.ts'
import { kubeconfigOf } from './kubeconfig.ts'
import { type Program, startProgram } from './program.ts'

const run = promisify(execFile)
const READY_MS = 90_000
const POLL_MS = 50

/** Which programs, and where they may listen. */
export interface ControlPlaneOptions {
  /** Folder with kube-apiserver, kube-controller-manager and kube-scheduler. */
  binaries: string
  etcd: string
  /** For certificates, keys and etcd's data. */
  folder: string
  /** Free ports on loopback: etcd for clients, etcd for its like, the API server. */
  ports: readonly [number, number, number]
}

/** What makes a cluster of objects: everything but the nodes. */
export interface ControlPlane {
  api: ReturnType<typeof openApi>
  credentials: Credentials
  /** What kubectl reads: an administrator's, with a token. */
  kubeconfig: string
  programs: readonly Program[]
}

/**
 * Starts etcd, the API server, the controllers and the scheduler, each as it is released, and waits until they serve.
 * @throws Error with a program's last words when it ends, or does not serve in time
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  const { folder, ports } = options
  await mkdir(folder, { recursive: true })
  const token = randomBytes(24).toString('base64url')
  const certificate = await writeKeys(folder, token)
  const server = `https://127.0.0.1:${ports[2]}`
  const credentials = { server, token, certificate }
  const kubeconfig = kubeconfigOf(credentials)
  const kubeconfigFile = join(folder, 'kubeconfig')
  await writeFile(kubeconfigFile, kubeconfig, { mode: 0o600 })

  const etcd = startProgram('etcd', options.etcd, etcdFlags(folder, ports))
  const apiserver = startProgram('kube-apiserver', join(options.binaries, 'kube-apiserver'), apiFlags(folder, ports))
  const api = openApi(credentials)
  await serving(api, [etcd, apiserver])
  const own = [`--kubeconfig=${kubeconfigFile}`, '--leader-elect=false', '--secure-port=0', '--kube-api-burst=400']
  const controllers = startProgram('kube-controller-manager', join(options.binaries, 'kube-controller-manager'), [
    ...own,
    '--kube-api-qps=200',
    '--use-service-account-credentials=false',
    `--service-account-private-key-file=${join(folder, 'accounts.key')}`,
    `--root-ca-file=${join(folder, 'api.crt')}`,
    // Of clouds and of certificates for nodes there is nothing here; addresses are given by the node agent.
    '--controllers=*,-node-ipam-controller,-node-route-controller,-service-lb-controller,-cloud-node-lifecycle-controller',
  ])
  const scheduler = startProgram('kube-scheduler', join(options.binaries, 'kube-scheduler'), [
    ...own,
    '--kube-api-qps=200',
  ])
  return { api, credentials, kubeconfig, programs: [etcd, apiserver, controllers, scheduler] }
}

/** Keys for TLS and for service accounts, and who may ask by which token. */
async function writeKeys(folder: string, token: string): Promise<string> {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' })
  await writeFile(join(folder, 'accounts.key'), pem, { mode: 0o600 })
  await writeFile(join(folder, 'tokens.csv'), `${token},admin,admin,"system:masters"\n`, { mode: 0o600 })
  const file = join(folder, 'api.crt')
  const key = [
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:prime256v1',
    '-nodes',
    '-keyout',
    join(folder, 'api.key'),
  ]
  const names = 'subjectAltName=IP:127.0.0.1,DNS:localhost,DNS:kubernetes.default.svc'
  await run('openssl', ['req', '-x509', ...key, '-out', file, '-subj', '/CN=test', '-addext', names, '-days', '2'])
  return readFile(file, 'utf8')
}

function etcdFlags(folder: string, [client, peer]: readonly number[]): string[] {
  const peers = `http://127.0.0.1:${peer}`
  const clients = `http://127.0.0.1:${client}`
  return [
    `--data-dir=${join(folder, 'etcd')}`,
    `--listen-client-urls=${clients}`,
    `--advertise-client-urls=${clients}`,
    `--listen-peer-urls=${peers}`,
    `--initial-advertise-peer-urls=${peers}`,
    `--initial-cluster=default=${peers}`,
    '--logger=zap',
    '--log-level=error',
  ]
}

function apiFlags(folder: string, [etcd, , port]: readonly number[]): string[] {
  return [
    `--etcd-servers=http://127.0.0.1:${etcd}`,
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    `--tls-cert-file=${join(folder, 'api.crt')}`,
    `--tls-private-key-file=${join(folder, 'api.key')}`,
    `--token-auth-file=${join(folder, 'tokens.csv')}`,
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${join(folder, 'accounts.key')}`,
    `--service-account-signing-key-file=${join(folder, 'accounts.key')}`,
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=172.31.0.0/16',
    // Nobody is to find it through the service `kubernetes`.
    '--endpoint-reconciler-type=none',
    '--profiling=false',
  ]
}

async function serving(api: ApiClient, programs: readonly Program[]): Promise<void> {
  const ended = Promise.race(programs.map((program) => program.ended))
  const tooLate = Date.now() + READY_MS
  for (;;) {
    const answer = await Promise.race([api.get('/readyz').catch((error: unknown) => error), ended])
    if (String(answer) === 'ok') return
    if (Date.now() > tooLate) {
      const said = programs.map(({ name, tail }) => `${name}:\n${tail()}`)
      throw new Error(`The API server was not ready within ${READY_MS} ms: ${String(answer)}\n${said.join('\n')}`)
    }
    await Promise.race([delay(POLL_MS), ended])
  }
}
