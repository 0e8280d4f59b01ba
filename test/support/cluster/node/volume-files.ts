import type { KubeObject } from '../api/index.ts'
import type { VolumeFile } from './atomic-folder.ts'
import type { Fields, Sources } from './environment.ts'
import type { VolumeSpec } from './spec.ts'

type Items = { key: string; path: string; mode?: number | undefined }[] | undefined

interface Reference {
  name: string
  items?: Items
  optional?: boolean | undefined
}

/**
 * The files of a volume that is made of objects, as they are now; undefined for a volume of another kind.
 * @throws Error when an object or a key is missing that is not optional
 */
export function filesOf(
  volume: VolumeSpec,
  fields: Fields,
  sources: Sources,
): ReadonlyMap<string, VolumeFile> | undefined {
  if ('configMap' in volume) return new Map(fromConfigMap(volume.configMap, volume.configMap.defaultMode, sources))
  if ('secret' in volume) {
    const { secretName: name, defaultMode, ...rest } = volume.secret
    return new Map(fromSecret({ name, ...rest }, defaultMode, sources))
  }
  if (!('projected' in volume)) return undefined
  const { sources: parts, defaultMode } = volume.projected
  return new Map(
    parts.flatMap((part) => {
      if ('configMap' in part) return fromConfigMap(part.configMap, defaultMode, sources)
      if ('secret' in part) return fromSecret(part.secret, defaultMode, sources)
      return part.downwardAPI.items.map(({ path, mode = defaultMode, fieldRef }): [string, VolumeFile] => [
        path,
        { content: Buffer.from(fields[fieldRef.fieldPath]), mode },
      ])
    }),
  )
}

function fromConfigMap(reference: Reference, mode: number, sources: Sources): [string, VolumeFile][] {
  const object = present(sources.configMap(reference.name), 'configmap', reference)
  return pick({ ...decode(object?.['data'], 'utf8'), ...decode(object?.['binaryData'], 'base64') }, mode, reference)
}

function fromSecret(reference: Reference, mode: number, sources: Sources): [string, VolumeFile][] {
  const object = present(sources.secret(reference.name), 'secret', reference)
  return pick(decode(object?.['data'], 'base64'), mode, reference)
}

function present(object: KubeObject | undefined, kind: string, { name, optional }: Reference): KubeObject | undefined {
  if (object === undefined && optional !== true) throw new Error(`${kind} "${name}" not found`)
  return object
}

function decode(data: unknown, encoding: BufferEncoding): Record<string, Buffer> {
  const entries = Object.entries((data ?? {}) as Record<string, string>)
  return Object.fromEntries(entries.map(([key, value]) => [key, Buffer.from(value, encoding)]))
}

function pick(
  data: Record<string, Buffer>,
  mode: number,
  { name, items, optional }: Reference,
): [string, VolumeFile][] {
  if (items === undefined) return Object.entries(data).map(([path, content]) => [path, { content, mode }])
  return items.flatMap(({ key, path, mode: own = mode }): [string, VolumeFile][] => {
    const content = data[key]
    if (content !== undefined) return [[path, { content, mode: own }]]
    if (optional === true) return []
    throw new Error(`${name} references non-existent config key: ${key}`)
  })
}
