import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'

const pollMs = 250

/**
 * Does the work while no other process does work under the same lock; a lock whose process has died is taken over.
 * @template T
 * @param {string} file the lock; holds the process id of who works
 * @param {{ timeoutMs: number, waiting: () => void }} options how long to wait for the other; told once when it must wait
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {Error} when the other holds it longer than `timeoutMs`
 */
export async function withLock(file, { timeoutMs, waiting }, work) {
  const deadline = Date.now() + timeoutMs
  for (let told = false; !acquire(file); told = true) {
    if (!told) waiting()
    if (Date.now() > deadline) {
      throw new Error(
        `${file} is held by process ${holderOf(file)} for too long. If that is not one of ours, remove the file.`,
      )
    }
    await delay(pollMs)
  }
  try {
    return await work()
  } finally {
    rmSync(file, { force: true })
  }
}

function acquire(file) {
  try {
    writeFileSync(file, String(process.pid), { flag: 'wx' })
    return true
  } catch (error) {
    if (error.code !== 'EEXIST') throw error
  }
  const holder = holderOf(file)
  // A file without an id is one that its process is writing at this moment.
  if (holder === undefined || isAlive(holder)) return false
  rmSync(file, { force: true })
  return acquire(file)
}

function holderOf(file) {
  try {
    const pid = Number(readFileSync(file, 'utf8'))
    return Number.isInteger(pid) && pid > 0 ? pid : undefined
  } catch (error) {
    if (error.code === 'ENOENT') return undefined
    throw error
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
