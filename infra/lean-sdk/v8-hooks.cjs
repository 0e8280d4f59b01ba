// A debugger's session with oneself, told of every script, for packing functions into closures.
const sdk = require('./sdk.cjs')
const hooks = () => sdk('./runtime/closure/v8Hooks')

module.exports = {
  isInitializedAsync: () => Promise.resolve(),
  getSessionAsync: () => hooks().getSessionAsync(),
  getScriptUrl: (id) => hooks().getScriptUrl(id),
}
