export { SIGNING_ALGORITHMS, SKEW_SECONDS } from './foreign-tokens.ts'
export { createSealer, type Sealer } from './sealing.ts'
export { createSigner, type Signer } from './signing.ts'
