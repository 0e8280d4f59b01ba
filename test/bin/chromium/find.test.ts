import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findChromium } from '../../../bin/chromium/index.ts'
import { script, temporaryFolder } from '../folder.ts'

describe('the browser for the tests', () => {
  it('is the one that CHROMIUM_PATH names', () => {
    const folder = temporaryFolder()
    const chosen = script(join(folder, 'my-browser'), '')
    script(join(folder, 'chromium'), '')
    expect(findChromium({ PATH: folder, CHROMIUM_PATH: chosen })).toBe(chosen)
  })

  it.each(['chromium', 'chromium-browser', 'google-chrome'])('is %s on PATH', (name) => {
    const folder = temporaryFolder()
    const program = script(join(folder, name), '')
    expect(findChromium({ PATH: `/nowhere:${folder}` })).toBe(program)
  })

  it('is named when it is missing, with the way to get it', () => {
    expect(() => findChromium({ PATH: temporaryFolder() })).toThrow(
      expect.objectContaining({
        code: 'chromium_missing',
        message: expect.stringContaining('apt-get install chromium'),
      }),
    )
  })

  it('is not another one when CHROMIUM_PATH names none', () => {
    const folder = temporaryFolder()
    script(join(folder, 'chromium'), '')
    const env = { PATH: folder, CHROMIUM_PATH: join(folder, 'absent') }
    expect(() => findChromium(env)).toThrow(expect.objectContaining({ code: 'chromium_missing' }))
  })
})
