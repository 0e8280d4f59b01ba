import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'

import * as pulumi from '@pulumi/pulumi'
import { expect, it, onTestFinished } from 'vitest'

import { bundleManifest } from '../../../../infra/targets/kubernetes/bundle.ts'
import { packGateway } from '../../../../infra/targets/kubernetes/packed-bundle.ts'
import { settled } from './settled.ts'
import { OWNER } from './stack.ts'

it('the gateway fits into a ConfigMap, is packed once, and starts from there', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'gatewright-packed-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const bundles = join(folder, 'bundles')
  const packed = await packGateway(bundles)
  const kept = (await readdir(bundles)).filter((name) => name.endsWith('.br'))
  expect(kept).toHaveLength(1)
  const { mtimeNs } = await stat(join(bundles, kept[0] ?? ''), { bigint: true })
  expect(await packGateway(bundles)).toEqual(packed)
  expect((await stat(join(bundles, kept[0] ?? ''), { bigint: true })).mtimeNs).toBe(mtimeNs)

  const { data = {}, binaryData = {} } = await settled(bundleManifest(OWNER, 'k1', pulumi.output(packed)))
  const files = [
    ...Object.entries(data).map(([name, value]) => [name, Buffer.from(value)] as const),
    ...Object.entries(binaryData).map(([name, value]) => [name, Buffer.from(value, 'base64')] as const),
  ]
  expect(files.reduce((size, [, content]) => size + content.length, 0)).toBeLessThan(1_048_576)
  for (const [name, content] of files) await writeFile(join(folder, name), content)
  const child = spawn(process.execPath, [join(folder, 'start.mjs')], { stdio: ['ignore', 'pipe', 'inherit'] })
  const [out, [code]] = await Promise.all([text(child.stdout), once(child, 'exit')])
  expect(JSON.parse(out)).toMatchObject({ program: 'gateway', msg: 'Start it with --folder <folder>' })
  expect(code).toBe(1)
})
