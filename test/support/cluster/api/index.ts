/** The API server, asked and followed without a library that would hide what it says. */
export { type ApiClient, type ApplyOptions, type DeleteOptions, openApi } from './client.ts'
export type { Connection, Credentials } from './connection.ts'
export { ApiError, isConflict, isNotFound } from './error.ts'
export { follow, type Informer } from './informer.ts'
export type { KubeObject, Manifest, Metadata } from './objects.ts'
