import { Refusal } from '../refusal.ts'
import { dataPage, deletedPage, deletePage, PHRASE_FIELD } from './pages/data.ts'
import { personOf } from './profile.ts'
import { NOT_TAKEN, show } from './show.ts'
import { SESSION_REMOVAL, type Visit } from './visit.ts'
import { accountWords } from './words/index.ts'

/** What somebody can do with all that is kept of them. */
export function showData(visit: Visit): Response {
  return show(visit, dataPage(visit.look, { person: personOf(visit) }))
}

/** All that is kept of the person, as a file. */
export async function downloadData({ context, brand, who, actor }: Visit): Promise<Response> {
  const data = await context.accounts.export(brand.id, who.account.id, actor)
  if (!data) throw new Refusal('credentials_invalid', 'the account is gone', { retry: '/sign-in' })
  const day = new Date().toISOString().slice(0, 10)
  return new Response(`${JSON.stringify(data, undefined, 2)}\n`, {
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'content-disposition': `attachment; filename="${brand.id}-account-${day}.json"`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'; sandbox",
    },
  })
}

/** Asks before the account is deleted. */
export function showDelete(visit: Visit): Response {
  return askBeforeDelete(visit)
}

/** Deletes the account where the person typed what confirms it; all sessions end with it, in the same step. */
export async function deleteAccount(visit: Visit, form: URLSearchParams): Promise<Response> {
  const { context, brand, who, actor, look } = visit
  if (folded(form.get(PHRASE_FIELD) ?? '') !== folded(phraseOf(visit))) return askBeforeDelete(visit, 'mismatch')
  // False where another tab was faster: it is gone either way.
  await context.accounts.delete(brand.id, who.account.id, actor)
  return show(visit, deletedPage(look), { setCookies: [SESSION_REMOVAL] })
}

function askBeforeDelete(visit: Visit, problem?: 'mismatch'): Response {
  const isOfStack = visit.who.account.origin === 'stack'
  const content = deletePage(visit.look, { phrase: phraseOf(visit), isOfStack, problem })
  return show(visit, content, { status: problem ? NOT_TAKEN : 200 })
}

/** The address is what people type without a look at it only where they mean it. */
function phraseOf({ who, look }: Visit): string {
  return who.account.email || accountWords(look.language).data.phrase
}

function folded(text: string): string {
  return text.normalize('NFKC').trim().toLowerCase()
}
