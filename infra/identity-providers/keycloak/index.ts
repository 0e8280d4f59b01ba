export { Keycloak } from './component.ts'
