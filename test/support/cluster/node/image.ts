import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'

import type { Image } from '../machine/calls.ts'

/** A folder or file of this machine, at a place in a container. */
export interface Mount {
  access: 'ro' | 'rw'
  source: string
  target: string
}

/** What a container gets from its image. */
export interface PreparedImage {
  mounts: readonly Mount[]
  environment: Readonly<Record<string, string>>
  entrypoint: readonly string[]
  command: readonly string[]
  workingDir: string
  /** `[user, group]`; root unless the image says otherwise. */
  user: readonly [number, number]
}

/** Finds images by name; undefined for one that no registry has. */
export type Images = (name: string) => PreparedImage | undefined

const PASSWD =
  'root:x:0:0:root:/root:/bin/sh\nnode:x:1000:1000::/home/node:/bin/sh\nnobody:x:65534:65534::/:/bin/false\n'
const GROUP = 'root:x:0:\nnode:x:1000:\nnogroup:x:65534:\n'
/** A stock Node, from the official library or a mirror of it. */
const NODE = /(^|\/)node:[\w.-]+(@sha256:[0-9a-f]{64})?$/
const ENVIRONMENT = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', HOME: '/root' }

/**
 * Makes what stands for the image of a stock Node: this machine's programs, read-only, and the Node that runs this. What is
 * not in a real one may be there; /usr and /etc cannot be written to in any container.
 * @param folder where its own files go
 * @param others by name: a stock Node with files added
 */
export async function prepareImages(folder: string, others: Readonly<Record<string, Image>>): Promise<Images> {
  const bin = join(folder, 'local/bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, 'node'), '', { mode: 0o755 })
  const stock: PreparedImage = {
    mounts: [
      { access: 'ro', source: '/usr', target: '/usr' },
      { access: 'ro', source: dirname(bin), target: '/usr/local' },
      { access: 'ro', source: process.execPath, target: '/usr/local/bin/node' },
    ],
    environment: ENVIRONMENT,
    entrypoint: [],
    command: ['node'],
    workingDir: '/',
    user: [0, 0],
  }
  return (name) => {
    const own = others[name]
    if (own !== undefined) return withFiles(stock, own)
    return NODE.test(name) ? stock : undefined
  }
}

/** The files of /etc that a container has, of which the kubelet writes three. */
export async function writeEtc(
  folder: string,
  pod: { hostname: string; address: string },
  names: Readonly<Record<string, string>>,
): Promise<Mount[]> {
  await mkdir(join(folder, 'ssl/certs'), { recursive: true })
  const own = [
    ['127.0.0.1', 'localhost'],
    [pod.address, pod.hostname],
  ]
  const lines = [...own, ...Object.entries(names).map(([name, address]) => [address, name])]
  const files = {
    hosts: lines.map(([address, name]) => `${address}\t${name}\n`).join(''),
    hostname: `${pod.hostname}\n`,
    'resolv.conf': '',
    'nsswitch.conf': 'hosts: files\n',
    passwd: PASSWD,
    group: GROUP,
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  return [
    { access: 'ro', source: folder, target: '/etc' },
    { access: 'ro', source: '/etc/ssl/certs', target: '/etc/ssl/certs' },
  ]
}

function withFiles(stock: PreparedImage, image: Image): PreparedImage {
  const [user = 0, group = user] = (image.user ?? '0').split(':').map(Number)
  const added = Object.entries(image.files ?? {}).map(([target, source]): Mount => ({ access: 'ro', source, target }))
  return {
    ...stock,
    mounts: [...stock.mounts, ...added],
    environment: { ...stock.environment, ...image.env },
    entrypoint: image.entrypoint ?? stock.entrypoint,
    command: image.command ?? stock.command,
    workingDir: image.workingDir ?? stock.workingDir,
    user: [user, group],
  }
}
