import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'

import { execute, systemErrorCode } from '../../../bin/command/index.ts'
import { withLock } from '../../../bin/setup/lock.mjs'
import { fetchDefinitions, MODULES } from './definitions.ts'

const FOLDER = new URL('toolchain', import.meta.url).pathname
const PROGRAMS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
const BUILD_MS = 40 * 60_000
const LOCK_MS = 45 * 60_000
/** Definitions of custom resources, in the folder with the programs. */
export const DEFINITIONS = 'definitions.json'
const HALF_DONE = '.build-'

/**
 * The folder with the programs of the control plane, built from the Go modules that `toolchain/go.mod` pins where no
 * earlier run has built the very same; with them `definitions.json`, the custom resources that a cluster knows.
 * @param report told what goes on, when something does
 * @returns an absolute path
 * @throws Error that says how to get Go where it is missing, or with the compiler's last lines
 */
export async function clusterBinaries(report: (line: string) => void = () => undefined): Promise<string> {
  const version = /^\s*k8s\.io\/kubernetes v(\S+)/m.exec(readFileSync(join(FOLDER, 'go.mod'), 'utf8'))?.[1]
  if (version === undefined) throw new Error(`${FOLDER}/go.mod pins no version of Kubernetes`)
  const cache = join(cacheFolder(), 'kubernetes')
  const target = join(cache, `${version}-${digest()}`)
  if (existsSync(target)) return target
  mkdirSync(cache, { recursive: true })
  const waiting = (): void => report('Another process builds the test cluster’s programs; waiting for it…')
  return withLock(join(cache, 'build.lock'), { timeoutMs: LOCK_MS, waiting }, async () => {
    if (!existsSync(target)) await buildAll(version, cache, target, report)
    return target
  })
}

/**
 * Where etcd is on this machine.
 * @throws Error that says how to install it
 */
export function findEtcd(): string {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = folders.map((folder) => join(folder, 'etcd')).find((file) => existsSync(file))
  if (found !== undefined) return found
  throw new Error('The test cluster needs etcd 3.4 or newer on PATH. Debian, Ubuntu: apt-get install etcd-server')
}

/** Built elsewhere and moved in one rename: what is there is whole. */
async function buildAll(version: string, cache: string, target: string, report: (line: string) => void): Promise<void> {
  report(`Building Kubernetes ${version} for the test cluster from its Go module (about 5 minutes, once)…`)
  for (const name of readdirSync(cache)) {
    if (name.startsWith(HALF_DONE)) rmSync(join(cache, name), { recursive: true, force: true })
  }
  const folder = mkdtempSync(join(cache, HALF_DONE))
  try {
    for (const program of PROGRAMS) await build(version, join(folder, program), program)
    writeFileSync(join(folder, DEFINITIONS), JSON.stringify(await fetchDefinitions()))
    renameSync(folder, target)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function build(version: string, output: string, program: string): Promise<void> {
  const [major, minor] = version.split('.')
  const stamp = { gitVersion: `v${version}`, gitMajor: major, gitMinor: minor }
  const set = Object.entries(stamp).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)
  const flags = ['-buildvcs=false', '-trimpath', '-ldflags', ['-s', '-w', ...set].join(' ')]
  const done = await execute('go', ['build', ...flags, '-o', output, `k8s.io/kubernetes/cmd/${program}`], {
    timeoutMs: BUILD_MS,
    cwd: FOLDER,
    // A workspace or a flag of the person's own would build something other than what is pinned.
    env: { ...process.env, GOWORK: 'off', GOFLAGS: '' },
  }).catch((error: unknown) => {
    if (systemErrorCode(error) !== 'ENOENT') throw error
    throw new Error('The test cluster’s programs are built with Go, which is not on PATH: https://go.dev/dl/')
  })
  if (done.code === 0) return
  const tail = done.stderr.trimEnd().split('\n').slice(-15).join('\n')
  throw new Error(`${tail}\n\nGo could not build ${program}. It needs the Go module proxy (GOPROXY) and 5 GB of disk.`)
}

function digest(): string {
  const hash = createHash('sha256')
  for (const name of ['go.mod', 'go.sum']) hash.update(readFileSync(join(FOLDER, name)))
  hash.update(JSON.stringify(MODULES))
  return hash.digest('hex').slice(0, 12)
}

/** @see https://specifications.freedesktop.org/basedir-spec/latest/ (a relative XDG_CACHE_HOME is to be ignored) */
function cacheFolder(): string {
  const chosen = process.env['XDG_CACHE_HOME'] ?? ''
  return join(isAbsolute(chosen) ? chosen : join(homedir(), '.cache'), 'gatewright')
}
