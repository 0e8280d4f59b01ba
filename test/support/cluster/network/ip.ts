import { spawn } from 'node:child_process'
import { once } from 'node:events'

/**
 * Runs commands of iproute2 in one go.
 * @param options before the commands: `-n <namespace>`
 * @throws Error with its words
 */
export async function ip(options: readonly string[], commands: readonly string[]): Promise<void> {
  const child = spawn('ip', [...options, '-batch', '-'], { stdio: ['pipe', 'ignore', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    said += chunk
  })
  child.stdin.end(`${commands.join('\n')}\n`)
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`ip ${options.join(' ')}: ${commands.join('; ')}: ${said.trim()}`)
}
