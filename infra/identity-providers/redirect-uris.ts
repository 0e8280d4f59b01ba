import * as pulumi from '@pulumi/pulumi'

/**
 * Makes something of a request's redirect URIs, which may be outputs: what is known stays plain, so that it can be compared
 * and read in a preview.
 */
export function ofRedirectUris<Result>(
  uris: pulumi.Input<string[]>,
  convert: (uris: string[]) => Result,
): Result | pulumi.Output<Result> {
  return Array.isArray(uris) ? convert(uris) : pulumi.output(uris).apply(convert)
}
