import { readdir, readFile } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

const SIGNATURE_KEY = '4dabf18193072939515e22adb298388d'
/** Passwords of the local stack's people, which the terminal is told; marks, which stand in vendors' consoles; the outputs. */
const NOT_KEPT = /-password-[a-z-]+$|\.mark$|::pulumi:pulumi:Stack::/
/** Shorter ones would be found by chance. */
const SHORTEST = 16

interface Exported {
  deployment: { resources?: { urn: string; inputs?: unknown; outputs?: unknown }[] }
}

/**
 * Every secret text in a stack's state that is to be kept.
 * @param exported what `pulumi stack export --show-secrets` prints
 */
export function secretsOf(exported: string): string[] {
  const { resources = [] } = (JSON.parse(exported) as Exported).deployment
  const found = resources
    .filter(({ urn }) => !NOT_KEPT.test(urn))
    .flatMap(({ inputs, outputs }) => [...secretTexts(inputs), ...secretTexts(outputs)])
  const passwords = new Set(
    resources.filter(({ urn }) => /-password-[a-z-]+$/.test(urn)).flatMap(({ outputs }) => secretTexts(outputs)),
  )
  return [...new Set(found)].filter((text) => text.length >= SHORTEST && !passwords.has(text))
}

function secretTexts(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return []
  if (SIGNATURE_KEY in value && 'plaintext' in value) {
    const plain: unknown = JSON.parse(String(value.plaintext))
    return typeof plain === 'string' ? [plain] : []
  }
  // Some official packages mark a client's id, which stands in every sign-in's address.
  return Object.entries(value).flatMap(([name, inner]) => (name === 'clientId' ? [] : secretTexts(inner)))
}

/** Everything that a project's stacks have written, except what is kept secret on purpose. */
export async function ownFiles(folder: string): Promise<string[]> {
  const own = join(folder, '.gatewright')
  if (!existsSync(own)) return []
  const files = await readdir(own, { recursive: true, withFileTypes: true })
  const stackFile = join(folder, 'stacks/Pulumi.local.yaml')
  const paths = files
    .filter((file) => file.isFile() && !file.parentPath.includes('/secrets') && !file.parentPath.includes('/data'))
    .map((file) => join(file.parentPath, file.name))
  return Promise.all([...paths, ...(existsSync(stackFile) ? [stackFile] : [])].map((path) => readFile(path, 'latin1')))
}
