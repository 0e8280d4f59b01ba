import { readStackInput } from './config/index.ts'
import { Gateway } from './index.ts'

const { authenticateUrl, routes, identityProviders, access, people } = new Gateway('gateway', readStackInput())

export default { authenticateUrl, routes, identityProviders, access, people }
