/** Major, minor, patch. */
export type Version = readonly [number, number, number]

/** The oldest CLI that is used: `plugins.providers` and the handshake with language hosts were tried from here on. */
export const minimumVersion: Version = [3, 200, 0]

/**
 * Reads what `pulumi version` or `go env GOVERSION` prints (`v3.259.0`, `go1.26.8`, `go1.26`, a suffix is ignored).
 * @returns `undefined` when it is no version
 */
export function parseVersion(text: string): Version | undefined {
  const match = /^(?:v|go)?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text.trim())
  if (match === null) return undefined
  const [, major, minor, patch = '0'] = match
  return [Number(major), Number(minor), Number(patch)]
}

/** Whether the version is the minimum or newer. */
export function isAtLeast(version: Version, minimum: Version): boolean {
  const different = version.findIndex((part, index) => part !== minimum[index])
  return different === -1 || (version[different] ?? 0) > (minimum[different] ?? 0)
}

/** Whether a CLI of this version is used: new enough, and of the same major version as the SDK. */
export function isGoodVersion(version: Version): boolean {
  return version[0] === minimumVersion[0] && isAtLeast(version, minimumVersion)
}

/** `3.259.0` */
export function formatVersion(version: Version): string {
  return version.join('.')
}
