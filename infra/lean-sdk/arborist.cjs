// For packing functions into closures.
const { createRequire } = require('node:module')

const sdk = createRequire(require.resolve('@pulumi/pulumi'))

// Or else the SDK reads every export at once.
Object.defineProperty(exports, '__esModule', { value: true })
Object.defineProperty(exports, 'Arborist', { enumerable: true, get: () => sdk('@npmcli/arborist').Arborist })
