import {
  containsUnknown,
  isProperties,
  type Properties,
  type PropertyValue,
} from '../../../../infra/provider/properties.ts'
import { mapAt } from './manifest.ts'

const READ_ONLY = [
  'creationTimestamp',
  'deletionGracePeriodSeconds',
  'deletionTimestamp',
  'generation',
  'managedFields',
  'resourceVersion',
  'uid',
]

/**
 * Writes inputs as the API server would give them back, so that two ways to say one thing are no difference.
 * @param inputs of a program, or of the state
 */
export function normalize(inputs: Properties): Properties {
  const metadata = Object.entries(mapAt(inputs, 'metadata')).filter(([name]) => !READ_ONLY.includes(name))
  const object = { ...inputs, metadata: Object.fromEntries(metadata) }
  return isSecret(object) && !containsUnknown(object) ? normalizeSecret(object) : object
}

/** @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/secret-v1/ */
function normalizeSecret({ stringData, ...secret }: Properties): Properties {
  const texts = isProperties(stringData) ? Object.entries(stringData) : []
  const encoded = texts.map(([key, value]) => [key, Buffer.from(textOf(value)).toString('base64')])
  const data = mapAt(secret, 'data')
  if (encoded.length === 0 && Object.keys(data).length === 0) return secret
  const canonical = Object.entries(data).map(([key, value]) => [
    key,
    Buffer.from(textOf(value), 'base64').toString('base64'),
  ])
  return { ...secret, data: Object.fromEntries([...canonical, ...encoded]) as Properties }
}

function textOf(value: PropertyValue): string {
  if (typeof value !== 'string') throw new TypeError('the data of a Secret are texts')
  return value
}

export function isSecret(object: Properties): boolean {
  return object['apiVersion'] === 'v1' && object['kind'] === 'Secret'
}

export function isConfigMap(object: Properties): boolean {
  return object['apiVersion'] === 'v1' && object['kind'] === 'ConfigMap'
}

/**
 * Takes away from what is live everything that the inputs do not speak of: defaults, status, what controllers write.
 * Lists are held against each other by position.
 * @param inputs that the live object was made from
 */
export function prune(live: Properties, inputs: Properties): Properties {
  const kept = Object.entries(live).filter(([key]) => key in inputs)
  return Object.fromEntries(kept.map(([key, value]) => [key, pruneValue(value, inputs[key])]))
}

function pruneValue(live: PropertyValue, input: PropertyValue | undefined): PropertyValue {
  if (isProperties(live) && isProperties(input)) return prune(live, input)
  if (!Array.isArray(live) || !Array.isArray(input)) return live
  return live.slice(0, input.length).map((item, index) => pruneValue(item, input[index]))
}

/** Whether a value means the same as none: the API server leaves such fields out. */
export function isEmpty(value: PropertyValue | undefined): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0) return true
  return typeof value === 'object' && Object.values(value).every(isEmpty)
}

const SUFFIXES: Readonly<Record<string, number>> = {
  n: 1e-9,
  u: 1e-6,
  m: 1e-3,
  '': 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  P: 1e15,
  E: 1e18,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
  Pi: 2 ** 50,
  Ei: 2 ** 60,
}

/**
 * Whether two values are one amount of cpu, memory or storage, such as `1000m` and `1`.
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function isSameQuantity(left: PropertyValue, right: PropertyValue): boolean {
  const [a, b] = [quantity(left), quantity(right)]
  return a !== undefined && b !== undefined && Math.abs(a - b) <= Math.abs(a) * 1e-12
}

function quantity(value: PropertyValue): number | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined
  const [, number = '', suffix = ''] = /^([+-]?[\d.]+)([A-Za-z]*)$/.exec(`${value}`) ?? []
  const factor = SUFFIXES[suffix]
  return number === '' || factor === undefined ? undefined : Number(number) * factor
}
