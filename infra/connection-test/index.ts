/** Whether people can sign in at the identity providers of a stack: asked without a person and without a secret. */
export { type Circumstances, describeConnection, type ProviderReport } from './checks.ts'
export { type DeployedProvider, readDeployed } from './deployed.ts'
export { isWrong, renderMarkdown, renderText } from './render.ts'
export { type ConnectionResult, testDeployed, testPlanned } from './run.ts'
