export { type ClaimHeaderMistake, claimHeaderMistakes } from './claims.ts'
export {
  isOperatorRequestHeader,
  isOperatorResponseHeader,
  ROUND_THE_GATEWAY,
  TARGETED_CACHE_CONTROL,
} from './operator.ts'
export { foldName, HOP_BY_HOP, isReserved } from './reserved.ts'
