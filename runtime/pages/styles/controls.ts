/** What people press and fill in. */
export const controls = `
.actions { display: grid; gap: 0.75rem; margin: 1.75rem 0 0; padding: 0; list-style: none; }
form .actions { margin-top: 1.5rem; }
.actions.row { display: flex; flex-wrap: wrap; align-items: center; }
.actions.row > * { width: auto; }
.button {
  display: flex; align-items: center; justify-content: center; gap: 0.625rem; width: 100%; min-height: 3rem; padding: 0.625rem 1.125rem;
  border: 1px solid var(--edge); border-radius: var(--radius); background: var(--card); color: var(--ink);
  font: inherit; font-weight: 550; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer;
  transition: background-color 120ms ease, border-color 120ms ease;
}
.button:hover { background: var(--tint); border-color: var(--accent); color: var(--ink); }
.button img { flex: none; width: 1.5rem; height: 1.5rem; object-fit: contain; }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--on-accent); }
.danger { border-color: var(--alert); color: var(--alert); }
.danger:hover { background: var(--alert-well); border-color: var(--alert); color: var(--alert); }
.danger.primary { background: var(--alert); color: var(--on-alert); }
.compact { width: auto; min-height: var(--target); padding: 0.375rem 0.875rem; font-size: 0.9375rem; }
.or { display: flex; align-items: center; gap: 0.75rem; margin: 1.5rem 0 0; color: var(--muted); font-size: 0.875rem; }
.or::before, .or::after { content: ""; flex: 1; height: 1px; background: var(--line); }
.or + .actions, .or + form { margin-top: 1rem; }
.field { display: block; margin-top: 1.125rem; }
.field label, .field legend { display: block; margin-bottom: 0.375rem; padding: 0; font-size: 0.9375rem; font-weight: 550; }
.field small { font-weight: 400; color: var(--muted); font-size: 0.875rem; }
.input {
  display: block; width: 100%; min-height: 3rem; padding: 0.5rem 0.875rem; border: 1px solid var(--edge); border-radius: var(--radius);
  background: var(--card); color: var(--ink); font: inherit;
}
select.input {
  appearance: none; padding-right: 2.5rem; cursor: pointer; background-repeat: no-repeat; background-size: 0.4375rem 0.4375rem;
  background-image: linear-gradient(45deg, transparent 50%, var(--muted) 50%), linear-gradient(135deg, var(--muted) 50%, transparent 50%);
  background-position: calc(100% - 1.3125rem) 55%, calc(100% - 0.875rem) 55%;
}
.input::placeholder { color: var(--muted); opacity: 1; }
.input:focus-visible { outline-offset: 0; border-color: var(--accent); }
.input[aria-invalid] { border-color: var(--alert); box-shadow: inset 0 0 0 1px var(--alert); }
.input:read-only:not(select) { background: var(--well); }
.hint, .problem { margin: 0.375rem 0 0; font-size: 0.875rem; }
.hint { color: var(--muted); }
.problem { display: flex; gap: 0.5rem; align-items: baseline; color: var(--alert); font-weight: 550; }
.problem::before { content: "!"; flex: none; display: inline-grid; place-items: center; width: 1.125rem; height: 1.125rem; border-radius: 50%; background: var(--alert); color: var(--on-alert); font: 700 0.75rem/1 var(--sans); }
.choice { display: flex; gap: 0.75rem; align-items: center; min-height: var(--target); margin-top: 0.75rem; cursor: pointer; }
.choice input { flex: none; width: 1.25rem; height: 1.25rem; margin: 0; accent-color: var(--accent); }
.fields { display: flex; flex-wrap: wrap; gap: 0 1rem; align-items: end; }
.fields > .field { flex: 1 1 11rem; min-width: 0; }
.fields > .actions { margin-top: 1.125rem; }
.search { display: flex; flex-wrap: wrap; gap: 0.75rem; margin-top: 1.25rem; }
.search .input { flex: 1 1 14rem; width: auto; min-width: 0; min-height: var(--target); }
.notice { margin: 1.25rem 0 0; padding: 0.75rem 0.875rem; border-radius: var(--radius); background: var(--tint); font-size: 0.9375rem; }
.notice > :first-child { margin-top: 0; }
.notice.alert { background: var(--alert-well); box-shadow: inset 0 0 0 1px var(--alert-line); color: var(--alert); }
.notice.warn { background: var(--warn-well); box-shadow: inset 0 0 0 1px var(--warn-line); color: var(--warn); }
.notice.good { background: var(--good-well); color: var(--good); }
.copy { display: flex; flex-wrap: wrap; gap: 0.5rem; align-items: center; margin-top: 0.75rem; }
.actions .hint { text-align: center; }
.copy .input { flex: 1 1 12rem; width: auto; min-width: 0; min-height: var(--target); font: 0.8125rem/1.5 var(--mono); text-overflow: ellipsis; }
@media (max-width: 30rem) {
  .compact { width: 100%; }
  .actions.row { display: grid; }
  td .compact, .copy .compact, .search .compact, .head .compact { width: auto; }
}
@media (prefers-color-scheme: dark) { .button img { padding: 0.125rem; border-radius: 0.25rem; background: #ffffff; } }
@media (forced-colors: active) {
  select.input { appearance: auto; background-image: none; }
  .button, .input, .notice, .copy .input { flex: 1 1 12rem; width: auto; min-width: 0; min-height: var(--target); font: 0.8125rem/1.5 var(--mono); text-overflow: ellipsis; }
  .primary { outline: 2px solid transparent; border-width: 2px; }
}
`
