import { UNKNOWN } from '../../provider/properties.ts'

const CONFIG_MAP = 'kubernetes:core/v1:ConfigMap'
const SECRET = 'kubernetes:core/v1:Secret'
const DEPLOYMENT = 'kubernetes:apps/v1:Deployment'

/** How many there are and how they are taken away: nobody is let in by it. */
const SCALE = ['kubernetes:autoscaling/v2:HorizontalPodAutoscaler', 'kubernetes:policy/v1:PodDisruptionBudget']

/** Who runs the gateway there: the configuration in a ConfigMap is judged as that of a process is. */
const RUNNING: readonly string[] = [CONFIG_MAP, SECRET, DEPLOYMENT, ...SCALE]

type Properties = Readonly<Record<string, unknown>>

/**
 * Whether an object is a part of what runs the gateway in a cluster, and not of who gets there.
 * @param urn whose parents' types stand in it
 */
export function runsGateway(urn: string, type: string): boolean {
  return /gatewright:target:Kubernetes\$[^$]*::[^:]*$/.test(urn) && RUNNING.includes(type)
}

/**
 * An object of the cluster as a reviewer reads it: configuration as such and not as a text, and nothing of names that only
 * tell that there are other credentials.
 * @param inputs as the engine has them
 */
export function readableObject(type: string, inputs: object): object {
  if (type === CONFIG_MAP) return readableConfig(withoutRevision(inputs))
  if (type === SECRET) return withoutRevision(inputs)
  if (type === DEPLOYMENT) return withoutRevisions(inputs) as object
  return inputs
}

function readableConfig(inputs: Properties): Properties {
  const { data, ...rest } = inputs
  if (!isMap(data) || typeof data['config.json'] !== 'string') return inputs
  const { generation: _, 'config.json': text, ...late } = data
  const config = parsed(text)
  if (!isMap(config)) return inputs
  const members = Object.entries(late).map(([file, content]) => [file.replace(/\.json$/, ''), parsed(content)])
  return { ...rest, config: { ...config, ...Object.fromEntries(members) } }
}

/** What is not JSON, as what is not known yet, stays what it is. */
function parsed(value: unknown): unknown {
  if (typeof value !== 'string') return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

function withoutRevision(inputs: object): Properties {
  const { metadata, ...rest } = inputs as Properties
  return isMap(metadata) && isRevised(metadata['name'])
    ? { ...rest, metadata: { ...metadata, name: undefined } }
    : { ...rest, metadata }
}

/** In the places of a pod's volumes. A secret's files are told by the Secret. */
function withoutRevisions(value: unknown, place = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutRevisions(item, place))
  if (!isMap(value)) return value
  const kept = Object.entries(value).filter(([key, item]) => {
    if (place === 'secret' && key === 'items') return false
    return !(key === 'name' && (place === 'secret' || place === 'configMap') && isRevised(item))
  })
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutRevisions(item, key)]))
}

function isRevised(name: unknown): boolean {
  return (
    name === UNKNOWN || (typeof name === 'string' && /^gatewright-(?:config|secrets|bundle)-[0-9a-f]{12}$/.test(name))
  )
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
