export { type Assertion, type Attestation, readAssertion, readAttestation } from './answer.ts'
export { type ChallengeFor, type ChallengePurpose, newChallenge, useChallenge } from './challenge.ts'
export { assertionOptions, creationOptions, type MadePasskey, verifyAssertion, verifyAttestation } from './verify.ts'
