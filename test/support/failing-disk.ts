import { execFile } from 'node:child_process'
import { mkdtemp, open, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** A file system of its own at a folder, which can be made to fail as real ones do. Whoever mounts it has to be root. */
export interface FailingDisk {
  /** Takes all room that is left. */
  fill(): Promise<void>
  /** Gives that room back. */
  makeRoom(): Promise<void>
  /** Turns read-only under whoever has files open, as the kernel does with a disk that fails. There is no way back. */
  abort(): Promise<void>
  remove(): Promise<void>
}

/** @param folder exists; what is in it is hidden until the disk is removed */
export async function mountFailingDisk(folder: string): Promise<FailingDisk> {
  const place = await mkdtemp(join(tmpdir(), 'gatewright-disk-'))
  const image = join(place, 'image')
  await writeFile(image, '')
  await truncate(image, 8 * 1024 * 1024)
  await run('mkfs.ext4', ['-q', '-m', '0', image])
  await run('mount', ['-o', 'loop,nosuid,nodev', image, folder])
  const ballast = join(folder, 'ballast')
  return {
    fill: () => fillUp(ballast),
    makeRoom: () => rm(ballast),
    abort: async () => void (await run('mount', ['-o', 'remount,abort', folder])),
    async remove() {
      // Its files may still be open: the folder is free at once, and the disk goes with the last of them.
      await run('umount', ['--lazy', folder])
      await rm(place, { recursive: true })
    },
  }
}

async function fillUp(file: string): Promise<void> {
  const handle = await open(file, 'w')
  try {
    for (const size of [256 * 1024, 4_096, 1]) {
      const block = Buffer.alloc(size, 1)
      while (await hasRoomFor(handle.write(block))) continue
    }
    await handle.sync().catch(ignoreNoSpace)
  } finally {
    await handle.close()
  }
}

async function hasRoomFor(writing: Promise<{ bytesWritten: number }>): Promise<boolean> {
  try {
    return (await writing).bytesWritten > 0
  } catch (error) {
    ignoreNoSpace(error as NodeJS.ErrnoException)
    return false
  }
}

function ignoreNoSpace(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOSPC') throw error
}
