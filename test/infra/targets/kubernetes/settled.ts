import * as pulumi from '@pulumi/pulumi'

/** An object with everything in it that its outputs come to. */
export function settled<T>(value: pulumi.Input<T>): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => {
    pulumi.output(value).apply(resolve)
  })
}
