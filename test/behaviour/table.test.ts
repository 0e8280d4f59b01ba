import { afterAll, beforeAll, describe, expect, it } from 'vitest'

import { startRecorder } from '../support/wire/index.ts'
import { CONTENDERS, START } from './contenders/index.ts'
import type { Scene } from './row.ts'
import { TABLE } from './rows/index.ts'

describe.each(CONTENDERS)('%s', (name) => {
  let scene: Scene
  beforeAll(async () => {
    const upstream = await startRecorder()
    scene = { upstream, contender: await START[name](upstream.origin) }
  })
  afterAll(async () => {
    await scene.contender.close()
    await scene.upstream.close()
  })

  for (const { title, rows } of TABLE) {
    it.each(rows)(`${title}: $title`, async ({ observe, does }) => {
      expect(await observe(scene)).toBe(does[name])
    })
  }
})

describe.each(TABLE.flatMap(({ rows }) => rows))('the row “$title”', ({ does, why }) => {
  it('has a reason where ours differs, and none where it does not', () => {
    const differs = does.gatewright !== does.nginx || does.gatewright !== does.haproxy
    expect(why !== undefined).toBe(differs)
  })
})
