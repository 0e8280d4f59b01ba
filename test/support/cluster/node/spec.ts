import * as z from 'zod'

/**
 * What of a pod this node can run. Whatever else a pod asks for is a mistake with its path, so that nothing which a test
 * believes to be tried is quietly left out. What only the scheduler or the API server reads may be anything.
 */
const elsewhere = z.unknown().optional()
const octal = z.int().min(0).max(0o777)
const items = z.array(z.strictObject({ key: z.string(), path: z.string(), mode: octal.optional() })).optional()
const fieldRef = z.strictObject({
  apiVersion: z.literal('v1').optional(),
  fieldPath: z.enum([
    'metadata.name',
    'metadata.namespace',
    'metadata.uid',
    'spec.nodeName',
    'status.podIP',
    'status.hostIP',
  ]),
})
const keyRef = z.strictObject({ name: z.string(), key: z.string(), optional: z.boolean().optional() })

const environment = z.strictObject({
  name: z.string(),
  value: z.string().default(''),
  valueFrom: z
    .union([
      z.strictObject({ fieldRef }),
      z.strictObject({ configMapKeyRef: keyRef }),
      z.strictObject({ secretKeyRef: keyRef }),
    ])
    .optional(),
})

const configMapSource = z.strictObject({ name: z.string(), items, optional: z.boolean().optional() })
const downwardItems = z.strictObject({
  items: z.array(z.strictObject({ path: z.string(), mode: octal.optional(), fieldRef })),
})

const volume = z.intersection(
  z.object({ name: z.string() }),
  z.union([
    z.strictObject({ name: z.string(), configMap: configMapSource.extend({ defaultMode: octal.default(0o644) }) }),
    z.strictObject({
      name: z.string(),
      secret: z.strictObject({
        secretName: z.string(),
        items,
        optional: z.boolean().optional(),
        defaultMode: octal.default(0o644),
      }),
    }),
    z.strictObject({
      name: z.string(),
      projected: z.strictObject({
        defaultMode: octal.default(0o644),
        sources: z.array(
          z.union([
            z.strictObject({ configMap: configMapSource }),
            z.strictObject({ secret: configMapSource }),
            z.strictObject({ downwardAPI: downwardItems }),
          ]),
        ),
      }),
    }),
    z.strictObject({
      name: z.string(),
      emptyDir: z.strictObject({ medium: z.enum(['', 'Memory']).optional(), sizeLimit: z.string().optional() }),
    }),
    z.strictObject({
      name: z.string(),
      persistentVolumeClaim: z.strictObject({ claimName: z.string(), readOnly: z.boolean().optional() }),
    }),
  ]),
)

const port = z.union([z.int(), z.string()])
const httpGet = z.strictObject({
  path: z.string().default('/'),
  port,
  host: z.undefined().optional(),
  scheme: z.enum(['HTTP', 'HTTPS']).default('HTTP'),
  httpHeaders: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
})
const exec = z.strictObject({ command: z.array(z.string()).min(1) })
const probe = z.strictObject({
  httpGet: httpGet.optional(),
  tcpSocket: z.strictObject({ port }).optional(),
  exec: exec.optional(),
  initialDelaySeconds: z.number().default(0),
  periodSeconds: z.number().default(10),
  timeoutSeconds: z.number().default(1),
  successThreshold: z.int().default(1),
  failureThreshold: z.int().default(3),
})
const hook = z.strictObject({
  sleep: z.strictObject({ seconds: z.number() }).optional(),
  exec: exec.optional(),
  httpGet: httpGet.optional(),
})

const container = z.strictObject({
  name: z.string(),
  image: z.string(),
  imagePullPolicy: elsewhere,
  command: z.array(z.string()).optional(),
  args: z.array(z.string()).optional(),
  workingDir: z.string().optional(),
  ports: z
    .array(z.strictObject({ name: z.string().optional(), containerPort: z.int(), protocol: z.literal('TCP') }))
    .default([]),
  env: z.array(environment).default([]),
  // Read by the scheduler; this node sets no limits.
  resources: elsewhere,
  volumeMounts: z
    .array(
      z.strictObject({
        name: z.string(),
        mountPath: z.string().startsWith('/'),
        readOnly: z.boolean().default(false),
        subPath: z.string().optional(),
      }),
    )
    .default([]),
  startupProbe: probe.optional(),
  readinessProbe: probe.optional(),
  livenessProbe: probe.optional(),
  lifecycle: z.strictObject({ preStop: hook.optional() }).optional(),
  // Nothing reads the message; the API server sets both.
  terminationMessagePath: elsewhere,
  terminationMessagePolicy: elsewhere,
  securityContext: z
    .strictObject({
      runAsUser: z.int().optional(),
      runAsGroup: z.int().optional(),
      runAsNonRoot: z.boolean().optional(),
      readOnlyRootFilesystem: z.boolean().default(false),
      allowPrivilegeEscalation: z.boolean().optional(),
      privileged: z.literal(false).optional(),
      capabilities: z.strictObject({ drop: z.array(z.string()).optional() }).optional(),
      // There is no profile here; that a pod names one is the API server's to judge.
      seccompProfile: elsewhere,
    })
    .prefault({}),
})

const podSpec = z.strictObject({
  containers: z.array(container).min(1),
  volumes: z.array(volume).default([]),
  restartPolicy: z.enum(['Always', 'OnFailure', 'Never']).default('Always'),
  terminationGracePeriodSeconds: z.int().default(30),
  securityContext: z
    .strictObject({
      runAsUser: z.int().optional(),
      runAsGroup: z.int().optional(),
      runAsNonRoot: z.boolean().optional(),
      fsGroup: z.int().optional(),
      fsGroupChangePolicy: elsewhere,
      supplementalGroups: z.array(z.int()).default([]),
      seccompProfile: elsewhere,
    })
    .prefault({}),
  nodeName: z.string(),
  hostname: z.string().optional(),
  dnsPolicy: z.enum(['ClusterFirst', 'Default']).optional(),
  automountServiceAccountToken: elsewhere,
  serviceAccountName: elsewhere,
  serviceAccount: elsewhere,
  enableServiceLinks: elsewhere,
  schedulerName: elsewhere,
  nodeSelector: elsewhere,
  affinity: elsewhere,
  tolerations: elsewhere,
  topologySpreadConstraints: elsewhere,
  priority: elsewhere,
  priorityClassName: elsewhere,
  preemptionPolicy: elsewhere,
})

export type PodSpec = z.infer<typeof podSpec>
export type ContainerSpec = PodSpec['containers'][number]
export type VolumeSpec = PodSpec['volumes'][number]
export type ProbeSpec = z.infer<typeof probe>
export type HookSpec = z.infer<typeof hook>
export type HttpGetSpec = z.infer<typeof httpGet>
export type FieldPath = z.infer<typeof fieldRef>['fieldPath']

/**
 * A pod's spec, when this node can do all that it asks for.
 * @throws Error that names each field that it cannot
 * @see https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/
 */
export function parsePodSpec(spec: unknown): PodSpec {
  const { data, error } = podSpec.safeParse(spec)
  if (data !== undefined) return data
  throw new Error(`The test cluster’s node cannot run this pod:\n${z.prettifyError(error)}`)
}
