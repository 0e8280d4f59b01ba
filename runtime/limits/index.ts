export { type Client, createClientAddresses } from './client-address.ts'
export {
  type AskedMail,
  type Counted,
  createLimits,
  HAND_OVERS_UNTIL_LOOP,
  type Limits,
  MAILS_PER_HOUR,
  PASSWORD_ATTEMPTS,
  PASSWORD_ATTEMPTS_OF_ALL,
  PER_MINUTE,
} from './limits.ts'
export { createPace, type Pace, type PaceBounds, type PaceClock } from './pace.ts'
