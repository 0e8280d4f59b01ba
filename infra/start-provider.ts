import * as pulumi from '@pulumi/pulumi'

/**
 * Has the engine start our own provider and the provider load what every stack needs, which else happens one after the
 * other when the first resource is registered, with everything else behind it.
 * @throws what keeps the provider from starting; the first resource fails for the same reason
 */
export async function startProvider(): Promise<void> {
  await pulumi.runtime.invoke('gatewright-native:index:prepare', {})
}
