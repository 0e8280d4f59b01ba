// Loaded before Pulumi's SDK (Pulumi.yaml: nodeargs). The SDK loads some 700 files for what no program of ours does: they are
// left until somebody asks for them.
import module from 'node:module'

/** What stands in for a specifier, and in which files of the SDK. */
const REPLACEMENTS = [
  { specifier: './tracing', from: '/@pulumi/pulumi/cmd/run/', file: './tracing.cjs' },
  { specifier: 'source-map-support/register', from: '/@pulumi/pulumi/cmd/run/', file: './source-maps.cjs' },
  { specifier: '../../runtime/closure/v8Hooks', from: '/@pulumi/pulumi/cmd/run/', file: './v8-hooks.cjs' },
  { specifier: './v8Hooks', from: '/@pulumi/pulumi/runtime/closure/v8.js', file: './v8-hooks.cjs' },
  // The last that is asked for.
  { specifier: '@npmcli/arborist', from: '/@pulumi/pulumi/runtime/closure/', file: './arborist.cjs' },
]

// main.mjs says it when Node is too old to have them.
const hooks = module.registerHooks?.({
  resolve(specifier, context, next) {
    const replacement = REPLACEMENTS.find((one) => one.specifier === specifier && context.parentURL?.includes(one.from))
    if (!replacement) return next(specifier, context)
    // Each module that is loaded while there are hooks takes longer.
    if (replacement === REPLACEMENTS.at(-1)) hooks.deregister()
    return { url: new URL(replacement.file, import.meta.url).href, shortCircuit: true }
  },
})
