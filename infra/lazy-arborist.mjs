// The SDK loads npm's @npmcli/arborist, some 450 files, for packing functions into closures, which no program of ours does.
// It is loaded when somebody asks for it instead: a preview is a quarter of a second faster.
import { createRequire, registerHooks } from 'node:module'

const NAME = '@npmcli/arborist'
const LAZY = 'gatewright:lazy-arborist'

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === NAME && context.parentURL?.includes('/@pulumi/pulumi/runtime/closure/')
      ? { url: LAZY, format: 'commonjs', shortCircuit: true }
      : next(specifier, context),
  load: (url, context, next) =>
    url === LAZY ? { source: lazySource(), format: 'commonjs', shortCircuit: true } : next(url, context),
})

function lazySource() {
  const sdk = createRequire(import.meta.url).resolve('@pulumi/pulumi')
  return `
    const { createRequire } = process.getBuiltinModule('node:module')
    const load = () => createRequire(${JSON.stringify(sdk)})(${JSON.stringify(NAME)})
    exports.__esModule = true // or else the SDK reads every export at once
    Object.defineProperty(exports, 'Arborist', { enumerable: true, get: () => load().Arborist })`
}
