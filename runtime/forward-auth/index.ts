export { type OriginalRequest, originalRequest, type Unclear } from './original-request.ts'
export {
  type Callers,
  createCallers,
  type Question,
  SECRET_HEADER,
  VERIFY_OR_REDIRECT_PATH,
  VERIFY_PATH,
} from './question.ts'
export { hasLookAlike, toldToApp } from './told.ts'
