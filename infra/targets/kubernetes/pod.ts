import type { types } from '@pulumi/kubernetes'

import { type KubernetesSettings, POD_PORTS } from '../../config/index.ts'
import { nodeFlags } from '../node-flags.ts'
import { START_FILE } from './bundle.ts'
import { CODE, FOLDER, type Owner, PORT_NAMES, selectorLabels, USER_ID } from './names.ts'
import { podVolumes, type VolumeSources } from './volumes.ts'

type PodSpec = types.input.core.v1.PodSpec
type Container = types.input.core.v1.Container

/** Seconds that a pod goes on answering after it was told to end: so long may ingresses take to hear of it. */
const PRE_STOP_SECONDS = 10

/** From SIGTERM on: see docs/architecture.md, "A program and its folder". */
const DRAIN_SECONDS = 10

/** The order to end may come late in a busy node. */
const SPARE_SECONDS = 10

/** What a pod is made from. */
export interface PodParts {
  owner: Owner
  settings: KubernetesSettings
  sources: VolumeSources
}

/** The pod, as the `restricted` standard wants it. @see https://kubernetes.io/docs/concepts/security/pod-security-standards/ */
export function podSpec({ owner, settings, sources }: PodParts): PodSpec {
  const { volumes, mounts } = podVolumes(sources)
  return {
    automountServiceAccountToken: false,
    // Variables with addresses of other Services: nobody asked for them.
    enableServiceLinks: false,
    terminationGracePeriodSeconds: PRE_STOP_SECONDS + DRAIN_SECONDS + SPARE_SECONDS,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: USER_ID,
      runAsGroup: USER_ID,
      fsGroup: USER_ID,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
    ...(settings.pullSecret === undefined ? {} : { imagePullSecrets: [{ name: settings.pullSecret }] }),
    topologySpreadConstraints: ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
      topologyKey,
      maxSkew: 1,
      whenUnsatisfiable: 'ScheduleAnyway',
      labelSelector: { matchLabels: selectorLabels(owner) },
      // Of one revision: during an update, pods that are about to go do not count.
      matchLabelKeys: ['pod-template-hash'],
    })),
    containers: [container(settings, mounts)],
    volumes,
  }
}

function container(settings: KubernetesSettings, volumeMounts: types.input.core.v1.VolumeMount[]): Container {
  const program = settings.bundle === 'image' ? 'gateway.mjs' : START_FILE
  return {
    name: 'gateway',
    image: settings.image,
    command: ['node', ...nodeFlags('gateway'), `${CODE}/${program}`, '--folder', FOLDER],
    ports: [
      { name: PORT_NAMES.listen, containerPort: POD_PORTS.listen, protocol: 'TCP' },
      { name: PORT_NAMES.admin, containerPort: POD_PORTS.admin, protocol: 'TCP' },
    ],
    // A start takes less than a second; migrations of a large database take longer.
    startupProbe: { ...probe('/readyz'), periodSeconds: 1, timeoutSeconds: 2, failureThreshold: 120 },
    readinessProbe: { ...probe('/readyz'), periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 2 },
    livenessProbe: { ...probe('/healthz'), periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    lifecycle: { preStop: { sleep: { seconds: PRE_STOP_SECONDS } } },
    resources: settings.resources,
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
    },
    volumeMounts,
  }
}

function probe(path: string): { httpGet: { path: string; port: string } } {
  return { httpGet: { path, port: PORT_NAMES.admin } }
}
