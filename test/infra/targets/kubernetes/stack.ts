import { parseStack, type StackConfig } from '../../../../infra/config/index.ts'
import type { KubernetesSettings } from '../../../../infra/config/index.ts'
import type { Owner } from '../../../../infra/targets/kubernetes/names.ts'

export const OWNER: Owner = { namespace: 'gatewright', project: 'access', stack: 'production' }

/** What stands on every object of that owner. */
export const LABELS = {
  'app.kubernetes.io/name': 'gatewright',
  'app.kubernetes.io/instance': 'production',
  'app.kubernetes.io/component': 'gateway',
  'app.kubernetes.io/managed-by': 'pulumi',
}
export const SELECTOR = { 'app.kubernetes.io/name': 'gatewright', 'app.kubernetes.io/instance': 'production' }
export const ANNOTATIONS = { 'gatewright/stack': 'access/production' }
export const METADATA = { name: 'gatewright', namespace: 'gatewright', labels: LABELS, annotations: ANNOTATIONS }

/** Values under `gatewright:` of a small stack in a cluster, with a database unless there is a volume. */
export function stackInput(target: Readonly<Record<string, unknown>> = {}, more: object = {}) {
  const database = 'volume' in target ? {} : { database: { url: 'postgres://gateway:a-password@db.data.svc:5433/g' } }
  return {
    url: 'https://login.acme.example',
    identityProviders: {
      sso: { kind: 'oidc', issuer: 'https://sso.acme.example', credentials: { initialAccessToken: 'initial' } },
    },
    routes: {
      wiki: { from: 'https://wiki.acme.example', to: 'http://wiki.tools.svc:3000', allow: '"staff" in user.groups' },
    },
    trustedProxies: ['10.244.0.0/16'],
    target: {
      kind: 'kubernetes',
      ingress: { kind: 'ingress', namespace: 'ingress-nginx', tls: { clusterIssuer: 'letsencrypt' } },
      ...database,
      ...target,
    },
    ...more,
  }
}

/** @throws StackConfigError */
export function stackOf(target?: Readonly<Record<string, unknown>>, more?: object): StackConfig {
  return parseStack(stackInput(target, more))
}

/** The target's part of it. */
export function settingsOf(target?: Readonly<Record<string, unknown>>): KubernetesSettings {
  const settings = stackOf(target).target
  if (settings.kind !== 'kubernetes') throw new Error('another target')
  return settings
}
