export { clientSecretRotation } from './client-secret.ts'
export { keyRotation } from './keys.ts'
export { type Rotation, type RotationMeans, type RotationStep, runRotation } from './rotation.ts'
