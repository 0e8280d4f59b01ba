export { showEntries } from './entries.ts'
export { exportAudit } from './export.ts'
export { showAudit } from './show.ts'
