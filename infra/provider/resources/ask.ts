import * as pulumi from '@pulumi/pulumi'

/** Whose question it is. */
export interface Asking {
  parent: pulumi.Resource
  /** Path in the stack file, for the reader of an error: `gatewright:identityProviders.staff`. */
  where: string
}

/**
 * Asks our provider something while the program is planned, in previews too.
 * @param token of one of its functions
 * @throws RunError, which the engine prints as it is: what is wrong at a vendor is no mistake of the program, and the reader
 *   needs the sentence, not the stack
 */
export async function ask<Answer>(token: string, args: pulumi.Inputs, { parent, where }: Asking): Promise<Answer> {
  try {
    return (await pulumi.runtime.invoke(token, args, { parent })) as Answer
  } catch (error) {
    const said = (error as Error).message.replace(/^invocation of \S+ returned an error: /, '')
    throw new pulumi.RunError(`${where}: ${said}`)
  }
}
