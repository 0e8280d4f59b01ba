export type { GatewayApiSettings, IngressControllerSettings, IngressSettings } from './ingress.ts'
export { checkKubernetes } from './checks.ts'
export { label, subdomain } from './names.ts'
export { DEFAULT_IMAGE, type KubernetesSettings, kubernetesTarget, type Scale, scaleOf } from './target.ts'
