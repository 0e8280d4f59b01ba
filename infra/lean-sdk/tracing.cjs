// Spans go to nobody, unless the engine names who hears them (`pulumi --tracing`).
const sdk = require('./sdk.cjs')
const isTraced = process.argv.some((argument) => argument.startsWith('--tracing'))
const { trace } = sdk('@opentelemetry/api')

module.exports = isTraced ? sdk('./cmd/run/tracing') : { newSpan: (name) => trace.getTracer('nobody').startSpan(name) }
