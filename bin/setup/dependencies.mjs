import { spawn } from 'node:child_process'
import { lstatSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'

const installTimeoutMs = 15 * 60_000
// Older ones skip the native parts of the tools, which ask for this, without a word.
const oldestInstaller = [20, 19]

/**
 * Installs the dependencies from package-lock.json, unless what npm noted down in node_modules says the same.
 * Two runs at the same time install once.
 * @param {string} root the project's folder
 * @throws {Error} when npm fails, with its last lines, when this Node is too old to install with, or when node_modules is a
 *   link to something else
 */
export async function ensureDependencies(root) {
  if (areInstalled(root)) return
  refuseLink(join(root, 'node_modules'))
  mkdirSync(join(root, '.gatewright'), { recursive: true, mode: 0o700 })
  const lock = join(root, '.gatewright', 'install.lock')
  await withLock(lock, { timeoutMs: installTimeoutMs, waiting }, async () => {
    if (!areInstalled(root)) await install(root)
  })
}

/**
 * Whether node_modules holds what package-lock.json says, for this platform. npm writes its note last, so that an
 * installation which broke off is not taken for a whole one.
 * @param {string} root the project's folder
 */
function areInstalled(root) {
  const wanted = readPackages(join(root, 'package-lock.json'))
  const present = readPackages(join(root, 'node_modules', '.package-lock.json'))
  if (wanted === undefined)
    throw new Error(`${join(root, 'package-lock.json')} is missing or damaged: restore it from git.`)
  if (present === undefined) return false
  const same = (path) =>
    present[path]?.version === wanted[path].version && present[path].integrity === wanted[path].integrity
  return (
    Object.keys(wanted).every((path) => path === '' || (wanted[path].optional && !(path in present)) || same(path)) &&
    Object.values(present).every(isForHere)
  )
}

/** `npm ci` begins by deleting everything in it, and what a link leads to is somebody else's. */
function refuseLink(folder) {
  if (lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink() !== true) return
  throw new Error(
    `${folder} is a link to a folder that does not hold what package-lock.json says: install where it leads, or remove the link.`,
  )
}

function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return undefined
    throw error
  }
}

function isForHere({ os, cpu }) {
  return allows(os, process.platform) && allows(cpu, process.arch)
}

/** package.json's `os` and `cpu`: names that are meant, or names with `!` that are not. */
function allows(names, name) {
  if (names === undefined) return true
  const list = [names].flat()
  return list.some((entry) => entry.startsWith('!')) ? !list.includes(`!${name}`) : list.includes(name)
}

function waiting() {
  console.error('Another process installs the dependencies; waiting for it…')
}

async function install(root) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < oldestInstaller[0] || (major === oldestInstaller[0] && minor < oldestInstaller[1])) {
    throw new Error(
      `Node ${process.versions.node} is too old to install the dependencies: it takes ${oldestInstaller.join('.')} or newer ` +
        `(https://nodejs.org/en/download). The project brings a newer one for itself.`,
    )
  }
  console.error('Installing dependencies from package-lock.json…')
  // Only errors are shown: npm would warn that this Node is older than the one that the project brings for itself.
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--loglevel=error']
  const { code, output } = await npm(args, root)
  if (code === 0) return
  const tail = output.trimEnd().split('\n').slice(-20).join('\n')
  throw new Error(
    `${tail}\n\nThe dependencies could not be installed: npm ci ended with ${code}. ` +
      'It needs the package registry (or a mirror: npm config set registry …); run the same command again when it is there.',
  )
}

function npm(args, root) {
  // npm tells its scripts where it is; outside of them it is looked up on PATH.
  const own = process.env.npm_execpath
  const [file, first] = own?.endsWith('.js') ? [process.execPath, [own]] : ['npm', []]
  return new Promise((resolve, reject) => {
    const child = spawn(file, [...first, ...args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: file === 'npm' && process.platform === 'win32',
      timeout: installTimeoutMs,
    })
    const stop = () => child.kill()
    process.once('SIGTERM', stop).once('SIGHUP', stop)
    let output = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text) => {
        output = (output + text).slice(-64_000)
      })
    }
    child.on('error', (error) =>
      reject(
        new Error(`npm cannot be started (${error.message}): install Node.js with npm, https://nodejs.org/en/download`),
      ),
    )
    child.on('close', (code, signal) => {
      process.off('SIGTERM', stop).off('SIGHUP', stop)
      resolve({ code: code ?? signal, output })
    })
  })
}
