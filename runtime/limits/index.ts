export { type Client, createClientAddresses } from './client-address.ts'
export {
  createLimits,
  HAND_OVERS_UNTIL_LOOP,
  type Limits,
  MAILS_PER_HOUR,
  PASSWORD_ATTEMPTS,
  PER_MINUTE,
} from './limits.ts'
