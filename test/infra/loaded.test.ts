import { buildSync } from 'esbuild'
import { expect, it } from 'vitest'

/** What Pulumi's program loads before it does anything: our files, and the packages and modules of Node that they name. */
function loadedBy(entry: string): { files: string[]; others: string[] } {
  const { inputs } = buildSync({
    entryPoints: [entry],
    bundle: true,
    write: false,
    metafile: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
  }).metafile
  const imports = Object.values(inputs).flatMap((input) => input.imports)
  const others = imports.filter(({ external, kind }) => external && kind === 'import-statement').map(({ path }) => path)
  return { files: Object.keys(inputs), others }
}

it('every preview waits for what it loads: of the runtime only rooms that are pure, and no server', () => {
  const { files, others } = loadedBy('infra/program.ts')
  const rooms = files.filter((file) => file.startsWith('runtime/')).map((file) => file.split('/')[1])
  expect(new Set(rooms)).toEqual(
    new Set(['config', 'config.ts', 'contrast.ts', 'header-names', 'net', 'outbound', 'policy', 'routes', 'wire']),
  )
  // To import node:http loads fetch as well: 15 ms and more.
  for (const heavy of [
    'node:http',
    'node:http2',
    'node:https',
    'undici',
    'jose',
    'hono',
    'pg',
    'pino',
    '@pulumi/kubernetes',
  ]) {
    expect(others).not.toContain(heavy)
  }
})
