import { clusterBinaries } from './toolchain.ts'

/** The control plane is built before the first test, whose time would not last. */
export default async function buildControlPlane(): Promise<void> {
  await clusterBinaries((line) => console.log(line))
}
