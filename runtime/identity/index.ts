export { ASSERTION_HEADER, type Assertions, createAssertions } from './assertion.ts'
