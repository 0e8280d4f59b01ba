export { showProvider, showProviders } from './show.ts'
export { createProviderTests } from './test.ts'
