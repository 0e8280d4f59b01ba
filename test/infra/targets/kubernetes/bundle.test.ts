import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { brotliDecompressSync } from 'node:zlib'

import * as pulumi from '@pulumi/pulumi'
import { expect, it, onTestFinished } from 'vitest'

import { bundleManifest } from '../../../../infra/targets/kubernetes/bundle.ts'
import { pack } from '../../../../infra/targets/kubernetes/packed-bundle.ts'
import { METADATA, OWNER } from './stack.ts'
import { settled } from './settled.ts'

const PROGRAM = `
import { createRequire } from 'node:module'
const { sep } = createRequire(import.meta.url)('node:path')
console.log(JSON.stringify({ arguments: process.argv.slice(2), place: import.meta.url.split(sep).at(-1) }))
throw new Error('as it was meant to')
`

it('the ConfigMap is called after what is packed in it, is never changed, and is not printed', async () => {
  const packed = pulumi.output({ content: 'cGFja2Vk', digest: '0123456789abcdef' })
  const manifest = bundleManifest(OWNER, 'k1', packed)
  const { data, ...rest } = await settled(manifest)
  expect(rest).toEqual({
    metadata: { ...METADATA, name: 'gatewright-bundle-k1' },
    immutable: true,
    binaryData: { 'gateway.mjs.br': 'cGFja2Vk' },
  })
  expect(Object.keys(data ?? {})).toEqual(['start.mjs'])
  const [content] = Object.values(manifest.binaryData as Record<string, pulumi.Output<string>>)
  expect(await pulumi.isSecret(content as pulumi.Output<string>)).toBe(true)
})

it('its program is unpacked in memory and run, with its arguments and by its own name', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-bundle-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const content = await pack(Buffer.from(PROGRAM))
  const { data, binaryData } = await settled(
    bundleManifest(OWNER, 'k1', pulumi.output({ content: content.toString('base64'), digest: 'd' })),
  )
  for (const [name, value] of Object.entries(data ?? {})) await writeFile(join(folder, name), value)
  for (const [name, value] of Object.entries(binaryData ?? {})) {
    await writeFile(join(folder, name), Buffer.from(value, 'base64'))
  }
  const child = spawn(process.execPath, [join(folder, 'start.mjs'), '--folder', '/x'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')])
  expect(JSON.parse(out)).toEqual({ arguments: ['--folder', '/x'], place: 'gateway.mjs' })
  expect(err).toContain('gateway.mjs:5')
  expect(code).toBe(1)
})

it('a program is packed as well as is needed to fit, and refused when that is not enough', async () => {
  const source = Buffer.from(
    Array.from({ length: 400 }, (_, index) => `export const name${index ** 2} = ${index}\n`).join(''),
  )
  const quick = await pack(source)
  expect(brotliDecompressSync(quick).equals(source)).toBe(true)
  const best = await pack(source, quick.length - 1)
  expect(best.length).toBeLessThan(quick.length)
  expect(brotliDecompressSync(best).equals(source)).toBe(true)
  await expect(pack(source, best.length - 1)).rejects.toMatchObject({
    code: 'bundle_too_large',
    message: expect.stringContaining(`${best.length} bytes`) as string,
  })
})
