/** The one stylesheet of all own pages. It is inlined, and the Content-Security-Policy names its digest. */
export const stylesheet = `
:root {
  color-scheme: light dark;
  --canvas: #f4f5f8; --card: #ffffff; --well: #f7f8fa; --ink: #14171f; --muted: #545c6c; --line: #dfe3ea; --edge: #858d9d;
  --accent: #3a4fd0; --accent-strong: #2c3eae; --on-accent: #ffffff; --tint: #eceffc;
  --alert: #a3261b; --alert-well: #fdf1ef; --alert-line: #f1cdc8;
  --shadow: 0 1px 2px rgb(20 23 31 / 6%), 0 12px 32px -12px rgb(20 23 31 / 14%);
  --space: 1rem; --radius: 0.625rem; --radius-card: 1rem;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --canvas: #0e1014; --card: #171a20; --well: #1e222a; --ink: #eef0f4; --muted: #a6aebd; --line: #2b303a; --edge: #727b8c;
    --accent: #93a5ff; --accent-strong: #b0bdff; --on-accent: #0e1014; --tint: #232a45;
    --alert: #ffa59b; --alert-well: #2c1a19; --alert-line: #5a2c28;
    --shadow: 0 1px 2px rgb(0 0 0 / 40%), 0 16px 40px -16px rgb(0 0 0 / 60%);
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  padding: clamp(1.5rem, 9vh, 6rem) var(--space) 2rem; background: var(--canvas); color: var(--ink);
  font: 1rem/1.55 var(--sans); overflow-wrap: anywhere; -webkit-font-smoothing: antialiased;
}
.brand { display: flex; align-items: center; gap: 0.625rem; margin: 0 0 1.5rem; font-weight: 600; font-size: 1.0625rem; letter-spacing: -0.01em; }
.brand svg { flex: none; width: 2rem; height: 2rem; fill: var(--accent); stroke: var(--on-accent); }
.brand rect { stroke: none; }
main, .wide { width: 100%; max-width: 26.5rem; }
main {
  padding: clamp(1.5rem, 6vw, 2.5rem); background: var(--card); border: 1px solid var(--line);
  border-radius: var(--radius-card); box-shadow: var(--shadow);
}
.wide main { max-width: none; }
.wide { max-width: 46rem; display: flex; flex-direction: column; align-items: center; }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.02em; text-wrap: balance; }
h2 { margin: 2.25rem 0 0.75rem; font-size: 0.9375rem; font-weight: 600; }
p { margin: 0.625rem 0 0; text-wrap: pretty; }
.lead, .note { color: var(--muted); }
.lead strong { color: var(--ink); font-weight: 600; }
.note { margin-top: 1.25rem; font-size: 0.875rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:hover { color: var(--accent-strong); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
.actions { display: grid; gap: 0.75rem; margin: 1.75rem 0 0; padding: 0; list-style: none; }
form .actions { margin-top: 1.5rem; }
.lead + .list { margin-top: 1rem; }
.list + .lead { margin-top: 1.5rem; }
.button {
  display: flex; align-items: center; justify-content: center; width: 100%; min-height: 3rem; padding: 0.625rem 1.125rem;
  border: 1px solid var(--edge); border-radius: var(--radius); background: var(--card); color: var(--ink);
  font: inherit; font-weight: 550; line-height: 1.3; text-align: center; text-decoration: none; cursor: pointer;
  transition: background-color 120ms ease, border-color 120ms ease;
}
.button:hover { background: var(--tint); border-color: var(--accent); color: var(--ink); }
.primary { background: var(--accent); border-color: var(--accent); color: var(--on-accent); }
.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--on-accent); }
.compact { width: auto; min-height: 2.75rem; }
.notice { margin: 1.25rem 0 0; padding: 0.75rem 0.875rem; border-radius: var(--radius); background: var(--tint); font-size: 0.9375rem; }
.alert { background: var(--alert-well); box-shadow: inset 0 0 0 1px var(--alert-line); color: var(--alert); }
.field { display: block; margin-top: 1.125rem; }
.field span { display: block; margin-bottom: 0.375rem; font-size: 0.9375rem; font-weight: 550; }
.field input {
  width: 100%; min-height: 3rem; padding: 0.5rem 0.875rem; border: 1px solid var(--edge); border-radius: var(--radius);
  background: var(--card); color: var(--ink); font: inherit;
}
.field input:focus-visible { outline-offset: 0; border-color: var(--accent); }
.list { margin: 1.5rem 0 0; padding: 0; list-style: none; border-top: 1px solid var(--line); }
.list li { display: flex; gap: 0.75rem; align-items: baseline; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
.list svg { flex: none; width: 0.875rem; height: 0.875rem; color: var(--accent); transform: translateY(0.0625rem); }
.list.open svg { color: var(--muted); }
.causes { margin: 1rem 0 0; padding: 0 0 0 1.125rem; color: var(--muted); }
.causes li { padding: 0.25rem 0 0.25rem 0.25rem; }
.causes li::marker { color: var(--accent); }
.list small { display: block; color: var(--muted); font-size: 0.875rem; }
.facts { display: grid; margin: 1.5rem 0 0; border-top: 1px solid var(--line); }
.facts div { display: grid; grid-template-columns: minmax(6.5rem, 28%) 1fr; gap: 0.25rem 1rem; padding: 0.75rem 0; border-bottom: 1px solid var(--line); }
.facts dt { color: var(--muted); font-size: 0.9375rem; }
.facts dd { margin: 0; font-weight: 500; min-width: 0; }
.chips { display: flex; flex-wrap: wrap; gap: 0.375rem; margin: 0; padding: 0; list-style: none; }
.chips li { padding: 0.125rem 0.625rem; border-radius: 1rem; background: var(--tint); font-size: 0.875rem; font-weight: 550; }
.person { display: flex; flex-wrap: wrap; align-items: center; gap: 1rem; }
.person > div { flex: 1 1 14rem; min-width: 0; }
.person p { margin-top: 0.125rem; }
.avatar {
  display: grid; place-items: center; flex: none; width: 3.5rem; height: 3.5rem; border-radius: 50%;
  background: var(--tint); color: var(--accent); font-size: 1.375rem; font-weight: 650;
}
code, .headers dd { font: 0.875em/1.5 var(--mono); }
.headers dt { font: 0.8125rem/1.6 var(--mono); }
.headers dd { font-size: 0.8125rem; }
.request { margin-top: 1.75rem; padding-top: 1.125rem; border-top: 1px solid var(--line); color: var(--muted); font-size: 0.8125rem; }
.request code { display: block; font-size: 0.75rem; margin-bottom: 0.125rem; color: var(--ink); user-select: all; }
footer { margin-top: 1.5rem; color: var(--muted); font-size: 0.8125rem; text-align: center; }
@media (max-width: 30rem) {
  .facts div { grid-template-columns: 1fr; }
  .compact { width: 100%; }
}
@media (prefers-reduced-motion: reduce) { * { transition: none !important; } }
@media (forced-colors: active) { .button, .field input, main { border-color: currentcolor; } }
`
