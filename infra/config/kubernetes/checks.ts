import { isLoopbackHost } from '../../../runtime/net/index.ts'
import type { Brand } from '../brand.ts'
import type { Report } from '../problems.ts'
import type { StackParts } from '../schema.ts'
import { DEFAULT_IMAGE, type KubernetesSettings, scaleOf } from './target.ts'

const ELSEWHERE = 'it would run on this machine, where pods do not reach it'

/** What a stack must be like whose gateway runs in a cluster. */
export function checkKubernetes(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  const { target } = stack
  if (target?.kind !== 'kubernetes') return
  checkStore(target, report)
  if (target.bundle === 'image' && target.image === DEFAULT_IMAGE) {
    report(['target', 'image'], 'is a stock Node without the program: name an image that has it (docs/kubernetes.md)')
  }
  if (!stack.names.others.includes('trustedProxies')) {
    report(
      ['trustedProxies'],
      'is missing: every client would have the address of the ingress, and limits would count them as one. Say where its pods are, like 10.244.0.0/16',
    )
  }
  checkLocalPrograms(stack, report)
  checkAddresses(stack, brands, report)
}

function checkStore(target: KubernetesSettings, report: Report): void {
  const { database, volume } = target
  if ((database === undefined) === (volume === undefined)) {
    const found = database ? 'not both' : 'a pod keeps nothing of its own'
    report(['target'], `say where sessions are kept: in a database or, for one replica, on a volume; ${found}`)
    return
  }
  const { min, autoscaler } = scaleOf(target)
  if (volume && (min > 1 || autoscaler)) {
    report(['target', 'replicas'], 'a volume is for one replica: several share a database (target.database.url)')
  }
}

/** Programs that are there for trying things out, on the machine where Pulumi runs. */
function checkLocalPrograms(stack: StackParts, report: Report): void {
  if (stack.sampleApp) report(['sampleApp'], ELSEWHERE)
  if (stack.mail?.kind === 'local') report(['mail', 'kind'], `${ELSEWHERE}: use smtp`)
  if (stack.mail?.kind === 'smtp' && isLoopbackHost(stack.mail.host)) {
    report(['mail', 'host'], 'is the pod itself there, and no mail server runs in it')
  }
  for (const [id, { kind }] of Object.entries(stack.identityProviders)) {
    if (kind === 'local') report(['identityProviders', id, 'kind'], ELSEWHERE)
  }
}

function checkAddresses(stack: StackParts, brands: Readonly<Record<string, Brand>>, report: Report): void {
  const isOne = stack.url !== undefined && Object.keys(stack.brands).length === 0
  for (const [id, { url }] of Object.entries(brands)) {
    if (url.startsWith('http:')) report(isOne ? ['url'] : ['brands', id, 'url'], 'use https: nobody reaches a pod here')
  }
  for (const [id, { from, to = [] }] of Object.entries(stack.routes)) {
    if (from.startsWith('http:')) report(['routes', id, 'from'], 'use https: nobody reaches a pod here')
    to.forEach((server, index) => {
      if (!isLoopbackHost(new URL(server).hostname)) return
      report(['routes', id, 'to', ...(to.length === 1 ? [] : [index])], 'is the pod itself there: name a service')
    })
  }
}
