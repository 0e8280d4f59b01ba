import type { Report } from './problems.ts'
import { unknownName } from './problems.ts'
import type { StackParts } from './schema.ts'

/** What lies between routes and the programs that may come in there. */
export function checkPrograms(stack: StackParts, report: Report): void {
  for (const [id, { public: reason, signIn, bearer }] of Object.entries(stack.routes)) {
    const path = ['routes', id]
    bearer.forEach(({ tokenIssuer }, index) => {
      const known = stack.names.tokenIssuers
      if (known.includes(tokenIssuer)) return
      report([...path, 'bearer', index, 'tokenIssuer'], unknownName(tokenIssuer, known, 'token issuer'))
    })
    if (reason === undefined) continue
    if (signIn) report([...path, 'signIn'], 'nobody signs in for a public route')
    if (bearer.length > 0) report([...path, 'bearer'], 'a public route asks nobody for a token')
  }
  for (const [id, { routes }] of Object.entries(stack.serviceAccounts)) {
    routes.forEach((name, index) => {
      const path = ['serviceAccounts', id, 'routes', index]
      if (!stack.names.routes.includes(name)) report(path, unknownName(name, stack.names.routes, 'route'))
      else if (stack.routes[name]?.public !== undefined) report(path, `${name} is public, and asks nobody for a token`)
    })
  }
}
