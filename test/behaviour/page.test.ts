import { expect, it } from 'vitest'

import { renderPage } from './page.ts'

it('docs/proxy.md has the table that is tested (`node test/behaviour/page.ts` writes it)', async () => {
  const { written, rendered } = await renderPage()
  expect(written).toBe(rendered)
})
