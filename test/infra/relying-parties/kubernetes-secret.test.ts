import * as pulumi from '@pulumi/pulumi'
import { expect, it } from 'vitest'

import { secretInputs } from '../../../infra/relying-parties/kubernetes-secret.ts'

const place = { namespace: 'monitoring', name: 'grafana-oidc' }

function settled<T>(output: pulumi.Input<T>): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(output).apply(resolve))
}

it('is opaque, in the app’s namespace, and bears what its reader looks for', async () => {
  const values = pulumi.output<Record<string, string>>({ id: 'client-1', secret: 'grüße' })
  const inputs = secretInputs(place, { values, labels: { 'app.kubernetes.io/part-of': 'argocd' } })
  expect(inputs).toMatchObject({
    type: 'Opaque',
    metadata: {
      ...place,
      labels: { 'app.kubernetes.io/managed-by': 'gatewright', 'app.kubernetes.io/part-of': 'argocd' },
    },
  })
  const data = (await settled(inputs.data)) as Record<string, string>
  expect(data).toEqual({ id: 'Y2xpZW50LTE=', secret: Buffer.from('grüße').toString('base64') })
})

it('is a secret in the state, whatever its values came from', async () => {
  const { data } = secretInputs(place, { values: pulumi.output<Record<string, string>>({ id: 'client-1' }) })
  expect(await pulumi.isSecret(pulumi.output(data))).toBe(true)
})
