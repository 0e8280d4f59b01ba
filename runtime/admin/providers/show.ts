import { callbackUrl } from '../../config.ts'
import { copyable, form, markup, type Markup, notice, plain, section, submit, table } from '../../pages/index.ts'
import { adminPage } from '../frame.ts'
import { count } from '../paging.ts'
import { paths } from '../paths.ts'
import type { Visit } from '../visit.ts'
import { enabledBadge, twoLines } from '../words.ts'
import { findProvider } from './find.ts'
import { type ProviderAtBrand, type Setting, type SettingGroup, settingsOf } from './settings.ts'

/** The brand's providers, in the order in which its sign-in page has them. */
export async function showProviders(visit: Visit): Promise<Response> {
  const { context, brand } = visit
  const accounts = await context.store.countIdentities(brand.id)
  const rows = brand.config.identityProviders.flatMap((id) => {
    const provider = context.config.identityProviders[id]
    if (!provider) return []
    return [
      [
        twoLines(markup`<a href="${paths.provider(id)}">${plain(provider.name)}</a>`, id),
        markup`<code>${provider.kind}</code>`,
        markup`<code>${provider.issuer}</code>`,
        enabledBadge(provider.enabled),
        markup`${provider.provisioning === 'auto' ? 'Auto provision' : 'Match only'}`,
        markup`${count(accounts[id] ?? 0)}`,
      ],
    ]
  })
  return adminPage(visit, {
    title: 'Identity providers',
    section: 'providers',
    body: table({
      caption: `Identity providers of ${brand.config.name}`,
      columns: [
        { label: 'Name' },
        { label: 'Type' },
        { label: 'Domain (issuer)' },
        { label: 'State' },
        { label: 'Provisioning' },
        { label: 'Accounts', kind: 'number' },
      ],
      rows,
      empty: 'This brand has no identity provider.',
    }),
  })
}

/** Every setting of one provider. @throws Refusal `not_found` */
export function showProvider(visit: Visit, id: string): Response {
  return providerPage(visit, findProvider(visit, id))
}

/** @param test what came of a test just now; left out where there was none */
export function providerPage(visit: Visit, at: ProviderAtBrand, test?: Markup): Response {
  const { look, context } = visit
  const { id, provider } = at
  const tests = form({
    action: paths.testProvider(id),
    body: submit({ label: 'Test connection', emphasis: 'compact' }),
  })
  const url = callbackUrl(at.loginUrl, id)
  const callback = markup`<p>Registered at the provider as the one address that people come back to.</p>${copyable(look, url, 'Callback URL')}`
  const groups = settingsOf(at).map((group) => section(group.heading, settingsTable(id, group)))
  const source = markup`Set in <code>${context.config.stackFile}</code>, and changed there: edit the file, then deploy it.`
  return adminPage(visit, {
    title: provider.name,
    section: 'providers',
    ways: [tests],
    body: markup`${test}${section('Callback URL', callback)}${notice(source)}${groups}`,
  })
}

function settingsTable(id: string, { about, settings }: SettingGroup): Markup {
  return table({
    caption: about,
    columns: [{ label: 'Setting' }, { label: 'Value' }, { label: 'Key in the stack file' }],
    rows: settings.map(({ label, value, key }) => [markup`${label}`, value, keyCell(id, key)]),
    empty: 'There are no settings.',
  })
}

function keyCell(id: string, key: Setting['key']): Markup {
  if (typeof key !== 'string') return markup`<span class="note">${key.follows}</span>`
  const path = key === '' ? undefined : markup`.<wbr>${key}`
  return markup`<code>gatewright:identityProviders.<wbr>${id}${path}</code>`
}
