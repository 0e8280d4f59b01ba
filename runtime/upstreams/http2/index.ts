export { createHttp2Endpoint, type Http2EndpointOptions } from './endpoint.ts'
