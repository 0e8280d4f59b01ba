import * as z from 'zod'

/** Binary and decimal suffixes of a quantity. @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/ */
const FACTORS: Readonly<Record<string, number>> = {
  '': 1,
  m: 1e-3,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
}

/** How much of something, as Kubernetes spells it. */
export const quantity = z
  .string()
  .refine((text) => amountOf(text) > 0, 'write it as Kubernetes does, like 512Mi, 10Gi, 500m or "2"')

/** @param text as Kubernetes spells a quantity @returns nothing (NaN) for what is none */
export function amountOf(text: string): number {
  const [, number = '', suffix = ''] = /^(\d+(?:\.\d+)?)(m|[kMGT]|[KMGT]i)?$/.exec(text) ?? []
  return Number(number === '' ? Number.NaN : number) * (FACTORS[suffix] ?? Number.NaN)
}

const requests = z.strictObject({
  /** What a pod is promised; an autoscaler's `cpuPercent` is a share of it. */
  cpu: quantity.default('250m'),
  memory: quantity.default('256Mi'),
})

const limits = z.strictObject({
  /** One core answers requests; the other one compiles, collects and hashes passwords meanwhile. */
  cpu: quantity.default('2'),
  /** With 100,000 sessions a gateway has a third of a gigabyte: see docs/performance.md. */
  memory: quantity.default('512Mi'),
})

/** What each pod is promised, and what it may take at most. */
export const resources = z
  .strictObject({ requests: requests.prefault({}), limits: limits.prefault({}) })
  .superRefine((value, context) => {
    for (const name of ['cpu', 'memory'] as const) {
      if (amountOf(value.requests[name]) <= amountOf(value.limits[name])) continue
      context.addIssue({
        code: 'custom',
        path: ['requests', name],
        message: `more than limits.${name}, ${value.limits[name]}`,
      })
    }
  })
