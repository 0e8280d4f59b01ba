import { expand } from './environment.ts'
import type { Mount, PreparedImage } from './image.ts'
import type { ContainerProcess } from './processes.ts'
import type { ContainerSpec, PodSpec } from './spec.ts'

/** Why a container cannot be made as its pod wants it; the kubelet's word for it. */
export class ContainerRefused extends Error {
  readonly reason: 'CreateContainerConfigError' | 'ErrImagePull'

  constructor(reason: ContainerRefused['reason'], message: string) {
    super(message)
    this.name = 'ContainerRefused'
    this.reason = reason
  }
}

/** What is there for a container before it is made. */
export interface ContainerParts {
  image: PreparedImage
  networkNamespace: string
  /** A folder of its own, for the root. */
  root: string
  /** File with the mounts. */
  mounts: string
  environment: Record<string, string>
}

/**
 * How a container's process is started: its image's words, the container's over them, the pod's user and groups.
 * @throws ContainerRefused when it must not run as root, and would
 */
export function processOf(pod: PodSpec, container: ContainerSpec, parts: ContainerParts): ContainerProcess {
  const { image, environment } = parts
  const [imageUser, imageGroup] = image.user
  const own = container.securityContext
  const user = own.runAsUser ?? pod.securityContext.runAsUser ?? imageUser
  const group = own.runAsGroup ?? pod.securityContext.runAsGroup ?? (user === imageUser ? imageGroup : 0)
  const { fsGroup, supplementalGroups } = pod.securityContext
  if ((own.runAsNonRoot ?? pod.securityContext.runAsNonRoot) === true && user === 0) {
    const why = 'container has runAsNonRoot and image will run as root'
    throw new ContainerRefused('CreateContainerConfigError', why)
  }
  const said = (words: readonly string[]): string[] => words.map((word) => expand(word, environment))
  // A command takes the place of both of the image's words, arguments alone that of its command.
  const entrypoint = container.command ?? image.entrypoint
  const rest = container.args ?? (container.command === undefined ? image.command : [])
  return {
    networkNamespace: parts.networkNamespace,
    root: parts.root,
    mounts: parts.mounts,
    readOnly: own.readOnlyRootFilesystem,
    workingDir: container.workingDir ?? image.workingDir,
    user,
    group,
    groups: [...new Set([...supplementalGroups, ...(fsGroup === undefined ? [] : [fsGroup])])],
    command: said([...entrypoint, ...rest]),
    environment,
  }
}

/**
 * The mounts of a container in the order in which they are made: what is below another comes after it.
 * @returns the text that enter.sh reads
 * @throws Error for a path that a line cannot hold
 */
export function mountLines(mounts: readonly Mount[]): string {
  const ordered = mounts.toSorted((a, b) => a.target.split('/').length - b.target.split('/').length)
  return ordered
    .map(({ access, source, target }) => {
      if (/\s/.test(`${source}${target}`)) throw new Error(`${target}: this node knows no paths with spaces`)
      return `${access} ${source} ${target}\n`
    })
    .join('')
}
