/** What administrators of a brand see and do: at its login host, below `/admin`. */
export { ADMIN_PATH } from './paths.ts'
export { createAdmin } from './admin.ts'
