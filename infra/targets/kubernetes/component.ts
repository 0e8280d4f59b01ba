import * as pulumi from '@pulumi/pulumi'

import { type Cluster, clusterOf } from '../../cluster/index.ts'
import { type KubernetesSettings, scaleOf } from '../../config/index.ts'
import { NameSuffix } from '../../provider/index.ts'
import type { TargetArgs } from '../target-args.ts'
import { autoscalerManifest } from './autoscaler.ts'
import { bundleManifest, bundleName } from './bundle.ts'
import { configManifest, configName } from './config-map.ts'
import { deploymentManifest, rolloutTimeout } from './deployment.ts'
import { databaseDestination, destinationsOf } from './destinations.ts'
import { disruptionBudgetManifest } from './disruption-budget.ts'
import { entrancesOf } from './entrances.ts'
import { httpRouteManifest } from './http-route.ts'
import { ingressManifest } from './ingress.ts'
import { hasSeveral, type Owner } from './names.ts'
import { namespaceManifest } from './namespace.ts'
import { egressRules, type EgressRule, networkPolicyManifest, proxyNamespace } from './network-policy.ts'
import { packGateway } from './packed-bundle.ts'
import { configFiles, generationOf, revisionOf } from './release.ts'
import { secretManifest, secretName } from './secret.ts'
import { metricsServiceManifest, serviceManifest } from './service.ts'
import { serviceMonitorManifest } from './service-monitor.ts'
import { volumeClaimManifest } from './volume-claim.ts'
import type { VolumeSources } from './volumes.ts'

interface KubernetesTargetArgs extends TargetArgs {
  settings: KubernetesSettings
}

/** What every step of a deployment needs. */
interface Site {
  name: string
  owner: Owner
  cluster: Cluster
  args: KubernetesTargetArgs
  options: pulumi.CustomResourceOptions
}

/**
 * The gateway as pods of a cluster.
 *
 * The order is the point: configuration, secrets and program are there before the Deployment that uses them, which is awaited;
 * whatever it has replaced goes at the end of the `up`, and so does a vendor's old credential.
 */
export class KubernetesTarget extends pulumi.ComponentResource {
  /** @param options with the Gateway as parent */
  constructor(name: string, args: KubernetesTargetArgs, options: { parent: pulumi.Resource }) {
    super('gatewright:target:Kubernetes', name, {}, options)
    const cluster = clusterOf(args.stack.cluster, options.parent)
    const owner = { namespace: args.settings.namespace, project: pulumi.getProject(), stack: pulumi.getStack() }
    const ours = { parent: this, provider: cluster.provider }
    const namespace = new cluster.sdk.core.v1.Namespace(`${name}-namespace`, namespaceManifest(owner), ours)
    const site: Site = { name, owner, cluster, args, options: { ...ours, dependsOn: [namespace] } }
    const { sources, made } = makeRelease(site)
    const policy = makeNetworkPolicy(site)
    const timeout = rolloutTimeout(args.settings)
    new cluster.sdk.apps.v1.Deployment(
      `${name}-deployment`,
      deploymentManifest({ owner, settings: args.settings, sources }),
      { ...ours, dependsOn: [namespace, policy, ...made], customTimeouts: { create: timeout, update: timeout } },
    )
    makeScale(site)
    makeEntrance(site)
    makeMetrics(site)
    this.registerOutputs()
  }
}

/** What the pods mount. */
function makeRelease({ name, owner, cluster: { sdk }, args, options }: Site) {
  const { settings, config, secrets, folders } = args
  const packed = settings.bundle === 'image' ? undefined : pulumi.output(packGateway(folders.bundles))
  const revision = revisionOf(secrets, config.registrations, packed?.digest ?? settings.image)
  // A name that comes back may still belong to what a failed update has left to be deleted.
  const { value: release } = new NameSuffix(`${name}-release`, { of: revision }, { parent: options.parent })
  const files = configFiles(config)
  const configMap = configManifest(owner, release, files, generationOf(files, revision))
  const made: pulumi.Resource[] = [
    new sdk.core.v1.ConfigMap(`${name}-config`, configMap, options),
    new sdk.core.v1.Secret(`${name}-secrets`, secretManifest(owner, release, secrets), options),
  ]
  const program = packed && new NameSuffix(`${name}-program`, { of: packed.digest }, { parent: options.parent }).value
  if (packed && program) {
    made.push(new sdk.core.v1.ConfigMap(`${name}-bundle`, bundleManifest(owner, program, packed), options))
  }
  if (settings.volume) {
    const claim = volumeClaimManifest(owner, settings.volume)
    made.push(new sdk.core.v1.PersistentVolumeClaim(`${name}-data`, claim, options))
  }
  const sources: VolumeSources = {
    config: release.apply(configName),
    secrets: release.apply(secretName),
    secretNames: Object.keys(secrets),
    bundle: program?.apply(bundleName),
    keepsData: settings.volume !== undefined,
  }
  return { sources, made }
}

function makeNetworkPolicy({ name, owner, cluster: { sdk }, args, options }: Site): pulumi.Resource {
  const { settings, stack, config } = args
  const destinations = destinationsOf(stack, config)
  const proxies = proxyNamespace(settings.ingress)
  const egress: pulumi.Input<EgressRule[]> = settings.database
    ? // Host and port alone are told of it, and they are no secret.
      pulumi.unsecret(
        pulumi
          .output(settings.database.url)
          .apply((url) => egressRules([...destinations, databaseDestination(url)], proxies)),
      )
    : egressRules(destinations, proxies)
  return new sdk.networking.v1.NetworkPolicy(`${name}-network`, networkPolicyManifest(owner, settings, egress), options)
}

function makeScale({ name, owner, cluster: { sdk }, args, options }: Site): void {
  const scale = scaleOf(args.settings)
  if (hasSeveral(scale)) {
    new sdk.policy.v1.PodDisruptionBudget(`${name}-disruptions`, disruptionBudgetManifest(owner), options)
  }
  const { min, autoscaler } = scale
  if (autoscaler) {
    const manifest = autoscalerManifest(owner, { min, ...autoscaler })
    new sdk.autoscaling.v2.HorizontalPodAutoscaler(`${name}-autoscaler`, manifest, options)
  }
}

/** By which people come in. */
function makeEntrance({ name, owner, cluster: { sdk }, args, options }: Site): void {
  const { stack, settings } = args
  const { ingress } = settings
  new sdk.core.v1.Service(`${name}-service`, serviceManifest(owner), options)
  const entrances = entrancesOf(stack)
  if (ingress.kind === 'ingress') {
    new sdk.networking.v1.Ingress(`${name}-ingress`, ingressManifest(owner, entrances, ingress), options)
    return
  }
  for (const entrance of entrances) {
    const route = httpRouteManifest(owner, entrance, ingress)
    new sdk.apiextensions.CustomResource(`${name}-route-${entrance.host}`, route, options)
  }
}

function makeMetrics({ name, owner, cluster: { sdk }, args, options }: Site): void {
  const { metrics } = args.settings
  if (!metrics) return
  new sdk.core.v1.Service(`${name}-metrics`, metricsServiceManifest(owner), options)
  const { serviceMonitor } = metrics
  if (serviceMonitor === false) return
  const more = serviceMonitor === true ? {} : serviceMonitor.labels
  new sdk.apiextensions.CustomResource(`${name}-monitor`, serviceMonitorManifest(owner, more), options)
}
