import type { KubeObject } from '../api/index.ts'
import type { ContainerSpec, FieldPath } from './spec.ts'

/** Where configuration of a namespace is found; undefined where there is no such object. */
export interface Sources {
  configMap(name: string): KubeObject | undefined
  secret(name: string): KubeObject | undefined
}

/** What a pod may be told about itself. */
export type Fields = Readonly<Record<FieldPath, string>>

/**
 * The variables of a container: the image's, then its own, where `$(NAME)` stands for one before it.
 * @throws Error when an object or key is missing that is not optional
 * @see https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/
 */
export function environmentOf(
  spec: ContainerSpec,
  image: Readonly<Record<string, string>>,
  fields: Fields,
  sources: Sources,
): Record<string, string> {
  const result: Record<string, string> = { ...image }
  for (const { name, value, valueFrom } of spec.env) {
    const found = valueFrom === undefined ? expand(value, result) : valueOf(valueFrom, fields, sources)
    if (found !== undefined) result[name] = found
  }
  return result
}

/** Puts variables' values for `$(NAME)`; `$$(NAME)` is that text, and what nobody has set stays as it is. */
export function expand(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replace(/\$\$|\$\(([^()$]+)\)/g, (all: string, name: string | undefined) =>
    name === undefined ? '$' : (variables[name] ?? all),
  )
}

type ValueFrom = NonNullable<ContainerSpec['env'][number]['valueFrom']>

function valueOf(from: ValueFrom, fields: Fields, sources: Sources): string | undefined {
  if ('fieldRef' in from) return fields[from.fieldRef.fieldPath]
  const secret = 'secretKeyRef' in from
  const { name, key, optional } = secret ? from.secretKeyRef : from.configMapKeyRef
  const data = secret ? sources.secret(name)?.['data'] : sources.configMap(name)?.['data']
  const value = (data as Record<string, string> | undefined)?.[key]
  if (value !== undefined) return secret ? Buffer.from(value, 'base64').toString() : value
  if (optional === true) return undefined
  throw new Error(`there is no key ${key} in ${secret ? 'secret' : 'configmap'} ${name}`)
}
