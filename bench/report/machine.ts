import { cpus, release, totalmem } from 'node:os'

/** What was measured on, in one line, without the machine's name. */
export function describeMachine(versions: Readonly<Record<string, string>>): string {
  const processors = cpus()
  const model = processors[0]?.model.trim() ?? 'unknown processor'
  const gib = Math.round(totalmem() / 1_024 ** 3)
  const kernel = release().split('-', 1)[0]
  const programs = Object.entries({ Node: process.versions.node, ...versions })
    .filter(([, version]) => version !== '')
    .map(([name, version]) => `${name} ${version}`)
  return `${processors.length} cores of ${model}, ${gib} GiB, Linux ${kernel}, ${programs.join(', ')}`
}
