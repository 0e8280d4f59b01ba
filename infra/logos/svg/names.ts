export const SVG = 'http://www.w3.org/2000/svg'
export const XLINK = 'http://www.w3.org/1999/xlink'
export const XML = 'http://www.w3.org/XML/1998/namespace'
export const XHTML = 'http://www.w3.org/1999/xhtml'

/** Readable as a list of words, of several lines. */
function namesOf(...lines: string[]): ReadonlySet<string> {
  return new Set(lines.flatMap((line) => line.split(' ')))
}

/** What draws, and what that refers to. Nothing else of SVG is in a logo. */
export const ELEMENTS = namesOf(
  'svg g defs symbol use title desc style path rect circle ellipse line polyline polygon text tspan',
  'linearGradient radialGradient stop clipPath mask',
)

/** Whose text is kept. */
export const TEXTUAL: ReadonlySet<string> = new Set(['title', 'desc', 'style', 'text', 'tspan'])

/** What some editor noted for itself; it draws nothing and stays behind. */
export const NOTES: ReadonlySet<string> = new Set(['metadata'])

/** Names that run something, change something later, or bring in what is elsewhere, in whatever namespace they stand. */
export const DANGERS: ReadonlyMap<string, string> = new Map([
  ['script', 'runs a script'],
  ['handler', 'runs a script'],
  ['listener', 'runs a script'],
  ['foreignobject', 'brings in a page'],
  ['iframe', 'brings in a page'],
  ['embed', 'brings in a page'],
  ['object', 'brings in a page'],
  ['image', 'brings in another picture'],
  ['feimage', 'brings in another picture'],
  ['audio', 'brings in a sound'],
  ['video', 'brings in a film'],
  ['link', 'brings in a style sheet'],
  ['a', 'is a link'],
  ['set', 'changes the picture later'],
  ['animate', 'changes the picture later'],
  ['animatemotion', 'changes the picture later'],
  ['animatetransform', 'changes the picture later'],
  ['animatecolor', 'changes the picture later'],
  ['discard', 'changes the picture later'],
])

/** Properties of CSS that are attributes too (SVG 2 §6.6). */
export const PROPERTIES = namesOf(
  'fill fill-opacity fill-rule stroke stroke-dasharray stroke-dashoffset stroke-linecap stroke-linejoin',
  'stroke-miterlimit stroke-opacity stroke-width color opacity display visibility clip-path clip-rule mask',
  'mask-type stop-color stop-opacity paint-order vector-effect shape-rendering text-rendering',
  'color-interpolation isolation mix-blend-mode overflow font-family font-size font-style font-variant',
  'font-weight font-stretch letter-spacing word-spacing text-anchor text-decoration dominant-baseline',
  'alignment-baseline baseline-shift transform transform-origin',
)

/** Attributes besides, which say where things are. */
export const GEOMETRY = namesOf(
  'x y width height viewBox preserveAspectRatio version d pathLength points cx cy r rx ry x1 y1 x2 y2 fx fy',
  'fr dx dy rotate textLength lengthAdjust offset gradientUnits gradientTransform spreadMethod clipPathUnits',
  'maskUnits maskContentUnits refX refY',
)

/** Functions in values that reach nothing outside of the picture. */
export const FUNCTIONS = namesOf(
  'rgb rgba hsl hsla calc matrix translate translatex translatey scale scalex scaley rotate skewx skewy',
)
