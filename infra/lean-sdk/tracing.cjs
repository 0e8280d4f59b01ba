// Spans go to nobody, unless the engine names who hears them (`pulumi --tracing`).
const { createRequire } = require('node:module')

const sdk = createRequire(require.resolve('@pulumi/pulumi'))
const isTraced = process.argv.some((argument) => argument.startsWith('--tracing'))
const { trace } = sdk('@opentelemetry/api')

module.exports = isTraced ? sdk('./cmd/run/tracing') : { newSpan: (name) => trace.getTracer('nobody').startSpan(name) }
