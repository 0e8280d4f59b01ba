export type {
  AnswerHandler,
  AnswerHead,
  Endpoint,
  OutgoingExchange,
  OutgoingHead,
  Outcome,
  Place,
  UpstreamFailure,
  UpstreamGroup,
} from './contract.ts'
export { createUpstreams, type UpstreamHealth, type Upstreams, type UpstreamsOptions } from './upstreams.ts'
