export { createSealer, type Sealer } from './sealing.ts'
export { createSigner, type Signer } from './signing.ts'
