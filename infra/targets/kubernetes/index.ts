export { KubernetesTarget } from './component.ts'
export { pack } from './packed-bundle.ts'
