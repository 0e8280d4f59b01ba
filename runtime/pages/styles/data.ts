/** What people read: lists, facts, tables, and the ways between pages. */
export const data = `
.lead + .list { margin-top: 1rem; }
.list + .lead { margin-top: 1.5rem; }
.list { margin: 1.5rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.list li { display: flex; gap: 0.75rem; align-items: baseline; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
.list svg { flex: none; width: 0.875rem; height: 0.875rem; color: var(--accent); transform: translateY(0.0625rem); }
.list.open svg { color: var(--muted); }
.list small { display: block; color: var(--muted); font-size: 0.875rem; }
.causes { margin: 1rem 0 0; padding: 0 0 0 1.125rem; color: var(--muted); }
.causes li { padding: 0.25rem 0 0.25rem 0.25rem; }
.causes li::marker { color: var(--accent); }
.facts { display: grid; margin: 1.5rem 0 0; border-top: 1px solid var(--line); }
.facts div { display: grid; grid-template-columns: minmax(5.5rem, 25%) 1fr; gap: 0.25rem 0.75rem; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--muted); font-size: 0.9375rem; }
.facts dd { margin: 0; font-weight: 500; min-width: 0; }
.facts dd small { display: block; color: var(--muted); font-size: 0.8125rem; font-weight: 400; }
.chips { display: flex; flex-wrap: wrap; gap: 0.375rem; margin: 0; padding: 0; list-style: none; }
.chips li { padding: 0.125rem 0.625rem; border-radius: 1rem; background: var(--tint); font-size: 0.875rem; font-weight: 550; }
.badge { display: inline-block; padding: 0.0625rem 0.5rem; border-radius: 1rem; background: var(--well); box-shadow: inset 0 0 0 1px var(--line); color: var(--muted); font-size: 0.8125rem; font-weight: 550; white-space: nowrap; }
.badge.good { background: var(--good-well); box-shadow: none; color: var(--good); }
.badge.warn { background: var(--warn-well); box-shadow: none; color: var(--warn); }
.badge.alert { background: var(--alert-well); box-shadow: none; color: var(--alert); }
.person { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem; }
.person > div { flex: 1 1 14rem; min-width: 0; }
.person p { margin-top: 0.125rem; }
.avatar { display: grid; place-items: center; flex: none; width: 3.5rem; height: 3.5rem; border-radius: 50%; background: var(--tint); color: var(--ink); font-size: 1.375rem; font-weight: 650; }
.headers dd { font: 0.8125rem/1.5 var(--mono); }
.headers dt { font: 0.8125rem/1.6 var(--mono); }
.request { margin-top: 1.75rem; padding-top: 1.125rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.8125rem; }
.request code { display: block; font-size: 0.75rem; margin-bottom: 0.125rem; color: var(--ink); user-select: all; }
.tabs { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem; margin: 0 0 1rem; }
.tabs ul { display: flex; flex: 1 1 auto; flex-wrap: wrap; gap: 0.25rem; margin: 0; padding: 0; list-style: none; }
.tabs a { display: flex; align-items: center; min-height: var(--target); padding: 0 0.875rem; border-radius: var(--radius); color: var(--muted); font-size: 0.9375rem; font-weight: 550; text-decoration: none; }
.tabs a:hover { background: var(--tint); color: var(--ink); }
.tabs [aria-current] { background: var(--card); box-shadow: inset 0 0 0 1px var(--line); color: var(--ink); }
.tabs > p { margin: 0; padding: 0 0.5rem; color: var(--muted); font-size: 0.875rem; }
.head { display: flex; flex-wrap: wrap; gap: 0.75rem 1rem; align-items: center; justify-content: space-between; }
.head > div { display: flex; flex-wrap: wrap; gap: 0.5rem; }
.head + .person, .notice + .person, .search + .tabs { margin-top: 1.25rem; }
.table { width: 100%; margin-top: 1.25rem; border-collapse: collapse; font-size: 0.9375rem; }
.table caption { text-align: start; padding: 0 0 0.5rem; color: var(--muted); font-size: 0.875rem; }
.table th { text-align: start; font-weight: 550; }
.table thead th { padding: 0.5rem 0.75rem 0.5rem 0; border-bottom: 1px solid var(--line); color: var(--muted); font-size: 0.8125rem; white-space: nowrap; }
.table tbody :is(th, td) { padding: 0.75rem 0.75rem 0.75rem 0; border-bottom: 1px solid var(--line); vertical-align: top; }
.table tbody small { display: block; color: var(--muted); font-size: 0.8125rem; font-weight: 400; }
.table tbody tr:hover { background: var(--well); }
.table .ways > div { display: flex; flex-wrap: wrap; gap: 0.5rem; justify-content: flex-end; }
.table .ways { vertical-align: middle; padding-right: 0; }
.table :is(th, td).number { padding-right: 1.75rem; text-align: end; font-variant-numeric: tabular-nums; }
.empty { margin-top: 1.25rem; padding: 2rem 1rem; border: 1px dashed var(--line); border-radius: var(--radius); color: var(--muted); text-align: center; }
.pages { display: flex; flex-wrap: wrap; gap: 0.75rem; align-items: center; justify-content: space-between; margin-top: 1.25rem; }
.pages p { margin: 0; color: var(--muted); font-size: 0.875rem; }
.pages .actions { margin: 0; grid-auto-flow: column; }
details { margin-top: 1.25rem; border-top: 1px solid var(--line); }
summary::-webkit-details-marker { display: none; }
summary::before { content: ""; flex: none; width: 0.4375rem; height: 0.4375rem; border: solid currentcolor; border-width: 0 2px 2px 0; transform: rotate(-45deg); transition: transform 120ms ease; }
details[open] > summary::before { transform: rotate(45deg); }
summary { display: flex; align-items: center; gap: 0.625rem; list-style: none; min-height: var(--target); cursor: pointer; color: var(--accent); font-weight: 550; }
.section { margin-top: 1.25rem; padding: 1.25rem; border: 1px solid var(--line); border-radius: var(--radius); }
.section > :is(h2, h3):first-child { margin-top: 0; }
.section.risky { border-color: var(--alert-line); }
@media (max-width: 40rem) {
  .table, .table tbody, .table tr, .table :is(td, th), .table caption { display: block; }
  .table thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .table tbody tr { padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
  .table tbody :is(th, td) { display: grid; grid-template-columns: 6rem 1fr; gap: 0.75rem; padding: 0.25rem 0; border: 0; }
  .table tbody :is(th, td)::before { content: attr(data-label); color: var(--muted); font-size: 0.8125rem; font-weight: 400; line-height: 1.8; }
  .table tbody :is(th, td):not([data-label]) { grid-template-columns: 1fr; }
  .table tbody :is(th, td):not([data-label])::before { content: none; }
  .table :is(th, td).number { padding-right: 0; text-align: start; }
  .table tbody .ways > div { justify-content: flex-start; }
  .table tbody tr:hover { background: none; }
}
@media (min-width: 30.0625rem) {
  .full .actions { display: flex; flex-wrap: wrap; }
  .full .actions .button { width: auto; min-width: 8rem; }
  .full .button.compact { min-width: 0; }
  .full .field, .full .copy { max-width: 36rem; }
}
@media (max-width: 30rem) { .facts div { grid-template-columns: 1fr; } }
@media (forced-colors: active) {
  .badge, .chips li { border: 1px solid currentcolor; }
  .tabs [aria-current] { border: 2px solid Highlight; }
}
`
