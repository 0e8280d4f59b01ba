// Loads what of the SDK was left out.
const { createRequire } = require('node:module')

module.exports = createRequire(require.resolve('@pulumi/pulumi'))
