export { ASSERTION_HEADER, type Assertions, createAssertions } from './assertion.ts'
export { type Subject, subjectOfSession } from './subject.ts'
