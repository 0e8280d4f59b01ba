/** Other programs: found, started on a core of their own, measured from `/proc`, ended. */
export { leaveProxyCore } from './cores.ts'
export { readUsage, type Usage } from './meter.ts'
export { type ProgramSpec, type RunningProgram, startRunning } from './running.ts'
export { findTool, requireTools, type Tool, versionOf } from './tools.ts'
