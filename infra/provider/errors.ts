import type { Properties } from './properties.ts'

/** What can go wrong in our provider; a code is permanent. */
export type ProviderErrorCode =
  /** The issuer's discovery document cannot be had or used. */
  | 'discovery_failed'
  /** The discovery document speaks for another issuer (OpenID Connect Discovery 1.0 §4.3). */
  | 'issuer_mismatch'
  /** The server offers no client registration, or none that can be managed. */
  | 'registration_unsupported'
  /** The server answered a registration or management request with an error. */
  | 'registration_refused'
  /** A vendor's management API answered with an error. */
  | 'vendor_refused'
  /** The vendor keeps one secret a client, and a second one was to be made beside it. */
  | 'rotation_unsupported'
  /** The server registered something else than was asked for. */
  | 'registration_altered'
  /** The server did not take a client's secret. */
  | 'credential_refused'
  /** A client has as many secrets as the vendor allows, and none that may be removed. */
  | 'credential_slots_taken'
  /** No answer, or one that is not from such a server. */
  | 'unreachable'
  /** A journal entry exists that the present initial access token does not open. */
  | 'journal_unreadable'
  /** The resource cannot be read by its id alone. */
  | 'import_unsupported'
  /** An identity provider of a Pangolin is not the one that this stack made there. */
  | 'identity_provider_not_ours'
  /** The folder holds something that is not ours. */
  | 'folder_not_ours'
  /** An address that the program is to listen on is none of this machine's, or not for this user. */
  | 'address_unusable'
  /** An address that the program listens on belongs to another process. */
  | 'port_taken'
  /** The program ended or did not become ready in time. */
  | 'not_ready'
  /** The running program refused its new release and kept the old one. */
  | 'reload_refused'
  /** A process outlived SIGKILL. */
  | 'stop_failed'
  /** A file that was to be ours defines somebody else's system service. */
  | 'unit_not_ours'
  /** The account that a service was to run as is root, or cannot be made. */
  | 'user_unfit'
  /** Only root may do it. */
  | 'not_root'
  /** systemd did not do what it was asked. */
  | 'systemd_failed'
  /** This operating system cannot run such a resource. */
  | 'platform_unsupported'
  /** A request names a resource type that is not in the table. */
  | 'unknown_resource_type'

/** An expected failure: its message says what happened, where, and what to do. */
export class ProviderError extends Error {
  readonly code: ProviderErrorCode

  constructor(code: ProviderErrorCode, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ProviderError'
    this.code = code
  }
}

/**
 * Something was made or changed before the failure: the engine records `outputs`, so that nothing is lost, marks the
 * resource as not initialised, and the next `up` updates it.
 */
export class InitializationFailure extends Error {
  readonly id: string
  readonly outputs: Properties

  constructor(id: string, outputs: Properties, cause: unknown) {
    super(describeError(cause), { cause })
    this.name = 'InitializationFailure'
    this.id = id
    this.outputs = outputs
  }
}

/**
 * One text for the person who reads the engine's output: the message, with the code where there is one.
 * @param error what was thrown
 */
export function describeError(error: unknown): string {
  if (error instanceof ProviderError) return `${error.message} [${error.code}]`
  return error instanceof Error ? error.message : String(error)
}
