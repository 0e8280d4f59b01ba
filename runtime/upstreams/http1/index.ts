export { createHttp1Endpoint, type Http1EndpointOptions } from './endpoint.ts'
