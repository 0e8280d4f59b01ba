import * as pulumi from '@pulumi/pulumi'

/** Inputs as a program may give them: each of them, and each member of a list or map, may be another resource's output. */
export type Args<Inputs> = { [Name in keyof Inputs]: DeepInput<Inputs[Name]> }

type DeepInput<Value> = Value extends readonly (infer Item)[]
  ? pulumi.Input<pulumi.Input<Item>[]>
  : Value extends Readonly<Record<string, infer Item>>
    ? pulumi.Input<Record<string, pulumi.Input<Item>>>
    : pulumi.Input<Value>

/**
 * Names what only the provider can tell, so that the SDK makes an output of it.
 * @param names of outputs that are not inputs
 */
export function outputsOnly(...names: string[]): Record<string, undefined> {
  return Object.fromEntries(names.map((name) => [name, undefined]))
}

/**
 * Adds outputs that are secret whatever they come from.
 * @param options of the caller, which stay as they are
 */
export function withSecretOutputs(
  options: pulumi.CustomResourceOptions | undefined,
  additionalSecretOutputs: string[],
): pulumi.CustomResourceOptions {
  return pulumi.mergeOptions(options, { additionalSecretOutputs })
}
