import type { Properties } from '../../../../infra/provider/properties.ts'
import type { Mutability } from './differences.ts'
import { type Access, readAccess } from './kubeconfig.ts'
import { textAt } from './manifest.ts'

/** The provider as the program configured it. */
export interface Configuration {
  access: Access
  /** Of objects that name none; left out, that of the context. */
  namespace?: string
  mutability: Mutability
  /** Takes fields over that another manager owns. */
  patchForce: boolean
}

/**
 * Reads the arguments of `new k8s.Provider(…)`; flags come as JSON texts.
 * @throws Error for what this stand-in does not do
 */
export function readConfiguration(args: Properties): Configuration {
  const flag = (name: string): boolean => args[name] === true || args[name] === 'true'
  const text = (name: string): string | undefined => textAt(args, name) || undefined
  if (args['enableServerSideApply'] === 'false') throw new Error('this stand-in only does server-side apply')
  const other = ['cluster', 'renderYamlToDirectory', 'upsertExistingObjects'].filter(
    (name) => text(name) && text(name) !== 'false',
  )
  if (other.length > 0) throw new Error(`this stand-in has no ${other.join(', ')}`)
  const namespace = text('namespace')
  return {
    access: readAccess(text('kubeconfig'), text('context')),
    ...(namespace ? { namespace } : {}),
    mutability: { configMaps: flag('enableConfigMapMutable'), secrets: flag('enableSecretMutable') },
    patchForce: flag('enablePatchForce'),
  }
}
