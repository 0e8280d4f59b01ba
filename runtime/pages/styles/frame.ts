/** What is the same around everything: type, brand, card, foot. */
export const frame = `
*, *::before, *::after { box-sizing: border-box; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
[hidden] { display: none !important; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; min-height: 100vh; min-height: 100dvh; display: flex; flex-direction: column; align-items: center;
  padding: clamp(1.5rem, 9vh, 6rem) var(--space) 2rem; background: var(--canvas); color: var(--ink);
  font: 1rem/1.55 var(--sans); overflow-wrap: anywhere; -webkit-font-smoothing: antialiased;
}
:lang(ja) { line-break: strict; overflow-wrap: anywhere; }
.skip { position: absolute; left: 1rem; top: -4rem; padding: 0.625rem 1rem; border-radius: var(--radius); background: var(--card); color: var(--ink); z-index: 1; }
.skip:focus { top: 1rem; }
.brand { display: flex; align-items: center; gap: 0.625rem; margin: 0 0 1.5rem; font-weight: 600; font-size: 1.0625rem; letter-spacing: -0.01em; }
.brand svg { flex: none; width: 2rem; height: 2rem; fill: var(--accent); stroke: var(--on-accent); }
.brand rect { stroke: none; }
.brand img { display: block; height: 2.75rem; max-width: min(14rem, 70vw); object-fit: contain; }
/* Most logos are made for paper. */
@media (prefers-color-scheme: dark) { .brand img { padding: 0.375rem 0.625rem; border-radius: var(--radius); background: #ffffff; } }
.frame { width: 100%; max-width: 26.5rem; }
.frame.wide { max-width: 46rem; }
.frame.full { max-width: 72rem; }
body:has(.full) { padding-top: 1.5rem; }
body:has(.full) > .brand { width: 100%; max-width: 72rem; margin-bottom: 1rem; }
main {
  padding: clamp(1.5rem, 6vw, 2.5rem); background: var(--card); border: 1px solid var(--line);
  border-radius: var(--radius-card); box-shadow: var(--shadow);
}
.full main { padding: clamp(1.25rem, 3vw, 2rem); }
h1 { margin: 0; font-size: 1.5rem; line-height: 1.25; font-weight: 650; letter-spacing: -0.02em; text-wrap: balance; }
h2 { margin: 2.25rem 0 0.75rem; font-size: 1.0625rem; line-height: 1.35; font-weight: 620; letter-spacing: -0.01em; }
h3 { margin: 1.5rem 0 0.5rem; font-size: 0.9375rem; font-weight: 600; }
:lang(ja) h1, :lang(ja) h2, :lang(ja) .brand { letter-spacing: 0; }
p { margin: 0.625rem 0 0; text-wrap: pretty; }
.lead, .note { color: var(--muted); }
.lead strong { color: var(--ink); font-weight: 600; }
.note { margin-top: 1.25rem; font-size: 0.875rem; }
a { color: var(--accent); text-underline-offset: 0.2em; }
a:hover { color: var(--accent-strong); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
code { font: 0.875em/1.5 var(--mono); }
footer { margin-top: 1.25rem; color: var(--muted); font-size: 0.8125rem; text-align: center; }
footer p { margin: 0.375rem 0 0; }
footer ul { display: flex; flex-wrap: wrap; justify-content: center; margin: 0; padding: 0; list-style: none; }
footer a { display: inline-flex; align-items: center; min-height: var(--target); padding: 0 0.625rem; color: inherit; text-decoration: none; border-radius: var(--radius); }
footer a:hover { color: var(--ink); text-decoration: underline; }
.languages [aria-current] { color: var(--ink); font-weight: 600; }
@media (max-width: 30rem) { footer .languages a { padding: 0 0.3125rem; } }
@media (prefers-reduced-motion: reduce) { *, *::before, *::after { transition: none !important; animation: none !important; } }
@media (forced-colors: active) {
  main { border-color: CanvasText; }
  .languages [aria-current] { text-decoration: underline; }
}
@media print { body { padding: 0; } footer, .skip { display: none; } main { border: 0; box-shadow: none; } }
`
