import { AUDIT_ACTIONS } from '../../accounts/index.ts'
import { field, linkButton, markup, type Markup, select, submit } from '../../pages/index.ts'
import { adminPage } from '../frame.ts'
import { readPlace, ways } from '../paging.ts'
import { paths, withQuery } from '../paths.ts'
import type { Visit } from '../visit.ts'
import { showEntries } from './entries.ts'
import { type AuditQuery, auditFilterOf, isFiltered, readAuditQuery } from './filter.ts'

const AT_ONCE = 100

/** What happened at the brand, the latest first. */
export async function showAudit(visit: Visit): Promise<Response> {
  const { context, look, request } = visit
  const { searchParams } = new URL(request.url)
  const query = readAuditQuery(searchParams)
  const place = readPlace(searchParams)
  const part = await context.store.listAudit(await auditFilterOf(visit, query), AT_ONCE, place.after)
  const exported = withQuery(paths.auditExport, { ...query })
  const note = `${part.items.length} entries on this page`
  return adminPage(visit, {
    title: 'Audit log',
    section: 'audit',
    ways: [linkButton({ href: exported, label: 'Export as JSON lines', emphasis: 'compact' })],
    body: markup`${filterForm(look, query)}
${await showEntries(visit, part.items, 'What happened, the latest first')}
${ways(look, paths.audit, { ...query }, place, part, note)}`,
  })
}

function filterForm(look: Visit['look'], query: AuditQuery): Markup {
  const choices = [{ value: '', label: 'Every event' }, ...AUDIT_ACTIONS.map((value) => ({ value, label: value }))]
  const text = (name: 'actor' | 'account', label: string): Markup =>
    field(look, { name, label, type: 'text', autocomplete: 'off', required: false, value: query[name] })
  const day = (name: 'from' | 'to', label: string): Markup =>
    field(look, { name, label, type: 'date', autocomplete: 'off', required: false, value: query[name] })
  const clear = linkButton({ href: paths.audit, label: 'Clear', emphasis: 'compact' })
  // A GET, so that what was filtered has an address.
  return markup`<form class="fields" method="get" action="${paths.audit}">
${select({ name: 'action', label: 'Event', choices, value: query.action })}
${text('actor', 'By whom')}
${text('account', 'About whom')}
${day('from', 'From (UTC)')}
${day('to', 'Until (UTC)')}
<div class="actions row">${submit({ label: 'Filter', emphasis: 'compact' })}${isFiltered(query) ? clear : undefined}</div></form>`
}
