import { execFile } from 'node:child_process'
import { chmod, chown, mkdir, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'

import { writeAtomically } from './atomic-folder.ts'
import type { Fields, Sources } from './environment.ts'
import type { PodSpec, VolumeSpec } from './spec.ts'
import { filesOf } from './volume-files.ts'

const run = promisify(execFile)
const SETGID = 0o2000

/** What a pod's volumes come from. */
export interface VolumeContext {
  folder: string
  fields: Fields
  sources: Sources
  /** The folder behind a claim; undefined while the claim is not bound. */
  claim(name: string): string | undefined
}

/** A pod's volumes on this node. */
export interface Volumes {
  /** Where a volume, or a part of it, is. */
  path(name: string, subPath?: string): Promise<string>
  /** Writes again what is made of objects that have changed since. What is gone meanwhile stays as it was. */
  refresh(): Promise<void>
  /** Takes away the file systems of its own that some of them are; their folder is the caller's. */
  remove(): Promise<void>
}

/**
 * Makes a pod's volumes.
 * @throws Error when an object is missing, or a claim not bound: to be tried again
 */
export async function makeVolumes(spec: PodSpec, context: VolumeContext): Promise<Volumes> {
  const group = spec.securityContext.fsGroup
  const places = new Map<string, string>()
  const mounted: string[] = []
  const written = new Map<string, string>()

  async function write(volume: VolumeSpec, folder: string): Promise<void> {
    const files = filesOf(volume, context.fields, context.sources)
    if (files === undefined) return
    const now = JSON.stringify([...files].map(([path, { content, mode }]) => [path, mode, content.toString('base64')]))
    if (written.get(volume.name) === now) return
    await writeAtomically(folder, files, group)
    written.set(volume.name, now)
  }
  async function place(volume: VolumeSpec): Promise<string> {
    if ('persistentVolumeClaim' in volume) {
      const { claimName } = volume.persistentVolumeClaim
      const folder = context.claim(claimName)
      if (folder === undefined) throw new Error(`persistentvolumeclaim "${claimName}" is not bound`)
      if (group !== undefined) {
        await chown(folder, 0, group)
        await chmod(folder, 0o775 | SETGID)
      }
      return folder
    }
    const folder = join(context.folder, volume.name)
    await mkdir(folder, { recursive: true })
    if ('emptyDir' in volume) {
      const { sizeLimit } = volume.emptyDir
      await makeEmpty(folder, sizeLimit, group)
      if (sizeLimit !== undefined) mounted.push(folder)
    }
    if (!('emptyDir' in volume)) await write(volume, folder)
    return folder
  }

  // What may be missing comes first: all of this is done again when it is.
  const empty = (volume: VolumeSpec): boolean => 'emptyDir' in volume
  for (const volume of spec.volumes.toSorted((a, b) => Number(empty(a)) - Number(empty(b)))) {
    places.set(volume.name, await place(volume))
  }
  return {
    async path(name, subPath = '') {
      const found = places.get(name)
      if (found === undefined) throw new Error(`there is no volume ${name}`)
      // A part is what it is when the container starts, and not refreshed, as on every node.
      return realpath(join(found, subPath))
    },
    async refresh() {
      for (const volume of spec.volumes) {
        const folder = places.get(volume.name)
        if (folder === undefined) continue
        try {
          await write(volume, folder)
        } catch {
          // An object of it has been deleted: a running pod keeps what it has.
          continue
        }
      }
    },
    async remove() {
      for (const volume of spec.volumes) {
        if (!('emptyDir' in volume) || volume.emptyDir.sizeLimit === undefined) continue
        await run('umount', [join(context.folder, volume.name)])
      }
    },
  }
}

/** A limit is kept by a file system of that size. */
async function makeEmpty(folder: string, limit: string | undefined, group: number | undefined): Promise<void> {
  if (limit !== undefined) await run('mount', ['-t', 'tmpfs', '-o', `size=${bytesOf(limit)}`, 'empty', folder])
  await chown(folder, 0, group ?? 0)
  await chmod(folder, group === undefined ? 0o777 : 0o777 | SETGID)
}

const SUFFIXES: Readonly<Record<string, number>> = {
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
function bytesOf(quantity: string): number {
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?)(\w*)$/.exec(quantity) ?? []
  const factor = SUFFIXES[suffix]
  if (number === '' || factor === undefined) throw new Error(`${quantity} is no size that this node knows`)
  return Math.ceil(Number(number) * factor)
}
