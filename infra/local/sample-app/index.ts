export { sampleAppConfigSchema, type SampleAppConfig } from './config.ts'
