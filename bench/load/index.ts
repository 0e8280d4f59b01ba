/** Load by wrk: as one visitor or as many in turn. */
export { type Figures, parseFigures } from './figures.ts'
export { FIGURES, type LoadRequest, loadScript, type Visitor, visitorLines } from './script.ts'
export { type Load, prepareLoad } from './wrk.ts'
