import { raw } from 'hono/html'

import { address, markup, type Markup } from '../pages/index.ts'
import { palettes, type Palette } from './colors.ts'
import type { Frame } from './frame.ts'
import type { Letter } from './letter.ts'
import { oneLine } from './names.ts'
import { mailWords } from './words/index.ts'

const FONT =
  "system-ui,-apple-system,'Segoe UI',Roboto,'Noto Sans','Helvetica Neue',Arial,'Hiragino Sans','Noto Sans JP','Yu Gothic UI',Meiryo,sans-serif"

/**
 * The letter as HTML: tables and inline styles, which every mail program understands, and a stylesheet for dark ones. It loads
 * nothing from anywhere, so that nobody learns that it was opened.
 * @throws TypeError when a link is no http(s) address
 */
export function renderHtml(letter: Letter, frame: Frame): string {
  const { brand, language } = frame
  const { light, dark } = palettes(brand.colors)
  const page = markup`<!doctype html>
<html lang="${language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${letter.subject}</title>
<style>${raw(stylesheet(dark))}</style>
</head>
<body class="canvas" style="margin:0;padding:0;background:${light.canvas};-webkit-text-size-adjust:100%">
<div style="display:none;max-height:0;overflow:hidden">${letter.paragraphs[0]}</div>
<table role="presentation" class="canvas" width="100%" cellpadding="0" cellspacing="0" border="0" style="background:${light.canvas}">
<tr><td align="center" style="padding:32px 16px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" style="max-width:560px;font-family:${FONT};font-size:16px;line-height:25px;color:${light.ink}">
<tr><td class="ink" style="padding:0 4px 20px">${brandLine(frame, light)}</td></tr>
<tr><td class="card ink" style="padding:32px;background:${light.card};border:1px solid ${light.line};border-radius:16px;overflow-wrap:anywhere">
${renderBody(letter, light, mailWords[language].elsewhere)}
</td></tr>
<tr><td class="muted" style="padding:20px 4px 0;font-size:13px;line-height:20px;color:${light.muted}">${mailWords[language].foot(oneLine(brand.name))}${legalLinks(brand.links, light)}</td></tr>
</table>
</td></tr>
</table>
</body>
</html>
`
  return page.toString()
}

/** The logo says the name, as on our pages. */
function brandLine({ brand, logoCid }: Frame, { ink }: Palette): Markup {
  const style = `font-size:17px;font-weight:600;color:${ink}`
  if (logoCid === undefined) return markup`<span class="ink" dir="auto" style="${style}">${oneLine(brand.name)}</span>`
  return markup`<img class="ink" src="cid:${logoCid}" alt="${oneLine(brand.name)}" height="44" style="display:block;height:44px;max-width:224px;border:0;object-fit:contain;${style}">`
}

function renderBody(
  { heading, paragraphs, facts, action, notes }: Letter,
  palette: Palette,
  elsewhere: string,
): Markup {
  const { accent, onAccent, link, muted } = palette
  const small = `margin:16px 0 0;font-size:14px;line-height:21px;color:${muted}`
  const href = address(action.link)
  return markup`<h1 class="ink" style="margin:0;font-size:24px;line-height:30px;font-weight:650;letter-spacing:-0.02em">${heading}</h1>
${paragraphs.map((paragraph) => markup`<p style="margin:12px 0 0">${paragraph}</p>`)}
${facts.length === 0 ? undefined : factTable(facts, palette)}
<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:28px 0 12px"><tr><td class="button" align="center" bgcolor="${accent}" style="background:${accent};border-radius:10px"><a class="button" href="${href}" style="display:inline-block;padding:13px 24px;border-radius:10px;background:${accent};color:${onAccent};font-weight:600;text-decoration:none">${action.label}</a></td></tr></table>
${notes.map((note) => markup`<p class="muted" style="${small}">${note}</p>`)}
<p class="muted" style="${small}">${elsewhere}<br><a class="link" href="${href}" style="color:${link};word-break:break-all">${action.link}</a></p>`
}

function factTable(facts: Letter['facts'], { muted, line }: Palette): Markup {
  const cell = `padding:10px 0;border-bottom:1px solid ${line};text-align:left;vertical-align:top`
  const rows = facts.map(
    ({ term, value }) =>
      markup`<tr><th class="muted line" scope="row" style="${cell};padding-right:16px;font-weight:400;color:${muted}">${term}</th><td class="line" style="${cell}">${value}</td></tr>`,
  )
  return markup`<table width="100%" cellpadding="0" cellspacing="0" border="0" style="margin:20px 0 0;font-size:15px;line-height:22px">${rows}</table>`
}

function legalLinks(links: Frame['brand']['links'], { muted }: Palette): Markup | undefined {
  if (links.length === 0) return undefined
  const anchors = links.map(
    ({ label, url }, index) =>
      markup`${index === 0 ? '' : ' · '}<a class="muted" href="${address(url)}" style="color:${muted}">${oneLine(label)}</a>`,
  )
  return markup`<br>${anchors}`
}

/** What a dark mail program puts in place of the inline styles. */
function stylesheet({ canvas, card, ink, muted, line, accent, onAccent, link }: Palette): string {
  return `:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
.canvas { background: ${canvas} !important; }
.card { background: ${card} !important; border-color: ${line} !important; }
.ink { color: ${ink} !important; }
.muted { color: ${muted} !important; }
.line { border-color: ${line} !important; }
.link { color: ${link} !important; }
.button { background: ${accent} !important; color: ${onAccent} !important; }
}`
}
