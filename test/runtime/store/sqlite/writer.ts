// node writer.ts <file>: signs people in for as long as it runs, and says each that the store has acknowledged, in a line.
import { openSqliteStore } from '../../../../runtime/store/index.ts'
import { session } from '../contract/records.ts'

const store = openSqliteStore(process.argv[2] ?? '')
const padding = 'x'.repeat(2_000)
for (let number = 1; ; number += 1) {
  await store.insertSession({ ...session, id: `session-${number}`, sealedTokens: `k1.${padding}` })
  await store.insertHostSession({
    id: `host-${number}`,
    parentId: `session-${number}`,
    origin: 'https://app.example',
    holder: 'browser',
    expiresAt: undefined,
  })
  await new Promise((resolve) => process.stdout.write(`${number}\n`, resolve))
}
