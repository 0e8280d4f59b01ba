// For packing functions into closures.
const sdk = require('./sdk.cjs')

// Or else the SDK reads every export at once.
Object.defineProperty(exports, '__esModule', { value: true })
Object.defineProperty(exports, 'Arborist', { enumerable: true, get: () => sdk('@npmcli/arborist').Arborist })
