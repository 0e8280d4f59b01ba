import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import * as pulumi from '@pulumi/pulumi'

/** What a project may call its file, as the CLI looks for it. */
const PROJECT_FILES = ['Pulumi.yaml', 'Pulumi.yml', 'Pulumi.json']

const ADVICE = `This project does not say where the provider of Gatewright is, which registers clients and runs programs. Add to Pulumi.yaml:

plugins:
  providers:
    - name: gatewright-native
      path: node_modules/gatewright/dist/provider
`

/**
 * Says which line is missing where a program of somebody's own does not name our provider: the engine would only say that it
 * finds no plugin. It may be installed otherwise, so nothing is refused.
 * @param folder of the project, absolute
 */
export function adviseProviderLine(folder: string): void {
  const file = PROJECT_FILES.map((name) => join(folder, name)).find((path) => existsSync(path))
  if (file === undefined || readFileSync(file, 'utf8').includes('gatewright-native')) return
  void pulumi.log.warn(ADVICE)
}
