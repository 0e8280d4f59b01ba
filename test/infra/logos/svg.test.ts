import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { LogoMistake, readLogo } from '../../../infra/logos/index.ts'

const NS = 'xmlns="http://www.w3.org/2000/svg"'
const svg = (inside: string, attributes = 'viewBox="0 0 64 64"'): string => `<svg ${NS} ${attributes}>${inside}</svg>`

/** @returns the drawing as it is served, or the mistake */
function read(text: string): { drawing: string; mistake: string } {
  try {
    const { image } = readLogo(Buffer.from(text))
    expect(image.type).toBe('image/svg+xml')
    return { drawing: Buffer.from(image.data, 'base64').toString(), mistake: '' }
  } catch (error) {
    if (error instanceof LogoMistake) return { drawing: '', mistake: error.message }
    throw error
  }
}

describe('a drawing', () => {
  it('keeps all that draws it', () => {
    const inside =
      '<title>Acme &amp; Co</title><defs><linearGradient id="a"><stop offset="0" stop-color="#fff"/></linearGradient>' +
      '<clipPath id="b"><circle cx="5" cy="5" r="3"/></clipPath></defs><style>.x,g path{fill:#3a4fd0;stroke:none}</style>' +
      '<g transform="translate(1 2) rotate(45)"><path class="x" d="M0 0L9 9Z" fill="url(#a)" clip-path="url(#b)"/></g>' +
      '<use href="#a"/><text x="1" font-family="Open Sans, sans-serif">A</text>'
    expect(read(svg(inside)).drawing).toBe(svg(inside))
  })

  it('loses what editors note for themselves, and keeps the picture', () => {
    const text =
      '<?xml version="1.0" encoding="UTF-8"?><!-- made by an editor -->\n' +
      `<svg ${NS} xmlns:i="http://editor.example/ns" xmlns:xlink="http://www.w3.org/1999/xlink" width="10mm" height="5mm" i:page="1" enable-background="new">` +
      '<metadata><i:note href="https://editor.example/">x</i:note></metadata><i:view zoom="2"><i:x/></i:view>' +
      '<rect id="r" width="4" height="4" style="fill:red;-editor-hint:3; line-height: 1"/><use xlink:href="#r" data-x="1"/></svg>'
    expect(read(text).drawing).toBe(
      `<svg ${NS} width="10mm" height="5mm"><rect id="r" width="4" height="4" style="fill:red"/><use href="#r"/></svg>`,
    )
    expect(readLogo(Buffer.from(text)).size).toEqual({ width: 38, height: 19 })
  })

  it('is as large as it says, and its coordinates may be as fine as they like', () => {
    const size = (attributes: string) => readLogo(Buffer.from(svg('', attributes))).size
    expect(size('width="2048" height="+1.5e1px"')).toEqual({ width: 2_048, height: 15 })
    expect(size('viewBox="0 0 4096 4096"')).toEqual({ width: 4_096, height: 4_096 })
    expect(size('width="100%" height="auto" viewBox="0 0 64 32"')).toEqual({ width: 64, height: 32 })
  })

  it('may be saved with a byte order mark, and prefixes of its own', () => {
    const text = '\uFEFF<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0,0,8,4"><s:path d="M0 0"/></s:svg>'
    expect(read(text).drawing).toBe(`<svg ${NS} viewBox="0,0,8,4"><path d="M0 0"/></svg>`)
  })
})

describe('what could do harm is refused, with its name:', () => {
  it.each<[string, string]>([
    ['<script>alert(1)</script>', '<script>, which runs a script'],
    ['<SCRIPT/>', '<SCRIPT>, which runs a script'],
    ['<g><h:script xmlns:h="http://www.w3.org/1999/xhtml"/></g>', '<script>'],
    ['<metadata><script/></metadata>', '<script>'],
    ['<foreignObject><p/></foreignObject>', '<foreignObject>, which brings in a page'],
    ['<h:p xmlns:h="http://www.w3.org/1999/xhtml"/>', '<p> of HTML'],
    ['<image href="data:image/png;base64,AA"/>', '<image>, which brings in another picture'],
    ['<a href="#x"/>', '<a>, which is a link'],
    ['<animate attributeName="href" to="javascript:alert(1)"/>', '<animate>, which changes the picture later'],
    ['<set attributeName="fill"/>', '<set>'],
    ['<filter id="f"/>', '<filter>, which is not among what a logo may have'],
    ['<path onload="alert(1)"/>', 'onload at <path>, which runs a script'],
    ['<path ONCLICK="x"/>', 'ONCLICK'],
    ['<use href="https://evil.example/x.svg#a"/>', 'href at <use> that leads out of the picture'],
    ['<use xmlns:l="http://www.w3.org/1999/xlink" l:href="javascript:alert(1)"/>', 'leads out of the picture'],
    ['<g xml:base="https://evil.example/"/>', 'xml:base'],
    ['<path fill="url(https://evil.example/a#b)"/>', 'url(…) leads out of the picture'],
    ['<path fill="url(&quot;//evil.example#b&quot;)"/>', 'url(…) leads out of the picture'],
    ['<path style="fill:url(data:x)"/>', 'leads out of the picture'],
    ['<path style="fill:u\\72l(//evil.example)"/>', 'which no drawing needs'],
    ['<path style="fill:image-set(&quot;//evil.example&quot; 1x)"/>', 'image-set(…) is not allowed'],
    ['<path style="behavior:x"/>', 'behavior'],
    ['<path style="width:expression(alert(1))"/>', 'expression(…) is not allowed'],
    ['<path d="java&#9;script:alert(1)"/>', 'runs a script'],
    ['<style>@import "//evil.example/a.css";</style>', 'in <style>'],
    ['<style><![CDATA[path{fill:url(//evil.example)}]]></style>', 'leads out of the picture'],
    ['<style>path{fill:red}@font-face{src:url(x)}</style>', 'in <style>'],
    ['<style>a[href^=x]{fill:red}</style>', 'write classes, ids and names'],
    ['<style>path{mask:url(#m)}</style>', 'write it at the element'],
    ['<style>path{fill:red', 'well-formed'],
  ])('%s', (inside, words) => {
    expect(read(svg(inside)).mistake).toContain(words)
  })

  it.each<[string, string]>([
    ['<!DOCTYPE svg [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><svg>&b;</svg>', 'DOCTYPE'],
    ['<!DOCTYPE svg SYSTEM "file:///etc/passwd"><svg/>', 'DOCTYPE'],
    [`<?xml-stylesheet href="//evil.example"?>${svg('')}`, 'processing instruction (<?xml-stylesheet)'],
    [svg('&evil;'), 'no well-formed XML'],
    ['<svg viewBox="0 0 1 1"/>', 'and not with <svg xmlns='],
    ['<p xmlns="http://www.w3.org/1999/xhtml"/>', 'of HTML'],
    [`<g ${NS}/>`, 'begins with <g>'],
    [svg('<g>'), 'no well-formed XML'],
    [svg('', ''), 'how large it is'],
    [svg('', 'width="100%" height="0"'), 'how large it is'],
    [svg('', 'width="999999999" height="64"'), 'is 999999999 × 64 pixels; 2048 × 2048 is the most'],
    [svg('', 'width="64" height="22in"'), 'is 64 × 2112 pixels'],
    [svg('', 'width="1e9" viewBox="0 0 64 64"'), 'is 1000000000 × 1 pixels'],
    [svg('', 'height="99999em" viewBox="0 0 64 64"'), 'has "99999em" as height of <svg>: write pixels'],
    [svg('', 'width="calc(1px * 999999)" viewBox="0 0 64 64"'), 'as width of <svg>: write pixels'],
    ['<?xml version="1.0" encoding="ISO-8859-1"?><svg/>', 'save it as UTF-8'],
  ])('%s', (text, words) => {
    expect(read(text).mistake).toContain(words)
  })

  it('elements without end, side by side and within each other', () => {
    expect(read(svg('<g>'.repeat(60) + '</g>'.repeat(60))).mistake).toContain('deep')
    expect(read(svg('<path/>'.repeat(3_000))).mistake).toContain('more than 2000 elements')
  })

  it('bytes that are no UTF-8', () => {
    const bytes = Buffer.concat([Buffer.from(`<svg ${NS}>`), Buffer.from([0xc3, 0x28]), Buffer.from('</svg>')])
    expect(() => readLogo(bytes)).toThrow('is no UTF-8 text')
  })

  it('copies of copies, and what leads to itself', () => {
    const level = (n: number): string => `<g id="l${n}">${`<use href="#l${n - 1}"/>`.repeat(10)}</g>`
    const bomb = ['<path id="l0"/>', ...Array.from({ length: 9 }, (_, n) => level(n + 1))].join('')
    expect(read(svg(bomb)).mistake).toContain('draws more than 10000 things')
    expect(read(svg('<g id="a"><use href="#b"/></g><g id="b"><use href="#a"/></g>')).mistake).toContain('to itself')
    expect(read(svg('<mask id="m"><rect style="mask:url(#m)"/></mask>')).mistake).toContain('to itself')
  })
})

describe('a hostile drawing', () => {
  const names = fc.constantFrom(
    'svg',
    'g',
    'path',
    'style',
    'script',
    'use',
    'text',
    'foreignObject',
    'animate',
    'i:x',
    'h:p',
    'metadata',
  )
  const attribute = fc.tuple(
    fc.constantFrom('fill', 'style', 'href', 'l:href', 'onload', 'id', 'class', 'd', 'i:href', 'src', 'xml:base'),
    fc.oneof(
      fc.constantFrom(
        '#a',
        'url(#a)',
        'url(//e)',
        'javascript:1',
        'JaVa\tScript:1',
        'fill:url( #a )',
        'u\\72l(x)',
        'red',
        '"><script>',
      ),
      fc.string({ maxLength: 12 }),
    ),
  )
  const text = fc.oneof(
    fc.constantFrom('path{fill:red}', '@import x;', '</style><script>', ']]>', '&lt;'),
    fc.string({ maxLength: 12 }),
  )
  const { element } = fc.letrec<{ element: string }>((tie) => ({
    element: fc
      .tuple(
        names,
        fc.uniqueArray(attribute, { maxLength: 3, selector: ([name]) => name }),
        fc.array(fc.oneof({ depthSize: 'small' }, text.map(escape), tie('element')), { maxLength: 3 }),
      )
      .map(([name, list, children]) => {
        const attributes = list.map(([key, value]) => ` ${key}="${escape(value)}"`).join('')
        return `<${name}${attributes}>${children.join('')}</${name}>`
      }),
  }))
  const around = `${NS} xmlns:i="http://i.example" xmlns:h="http://www.w3.org/1999/xhtml" xmlns:l="http://www.w3.org/1999/xlink" viewBox="0 0 1 1"`

  it('is refused, or comes out without a name, an address or a script that does harm, and the same when read again', () => {
    let taken = 0
    fc.assert(
      fc.property(element, (inside) => {
        const { drawing, mistake } = read(`<svg ${around}>${inside}</svg>`)
        if (mistake !== '') return
        taken += 1
        expect(drawing).not.toMatch(/<(?!\/?(?:svg|g|path|style|use|text)[\s/>])/)
        expect(drawing).not.toMatch(/\s(?:on\w+|src|xml:base|[a-z]+:href)=|href="[^#]|url\(\s*["']?[^#\s"']/i)
        expect(drawing).not.toMatch(/<style>[^<]*[@\\]/)
        expect(read(drawing)).toEqual({ drawing, mistake: '' })
      }),
      { seed: 7, numRuns: 1_200 },
    )
    expect(taken).toBeGreaterThan(40)
  })

  it('that is any text is never more than a mistake', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii', maxLength: 60 }), (noise) => {
        read(`<svg ${NS} viewBox="0 0 1 1">${noise}</svg>`)
        read(`<${noise}`)
      }),
      { seed: 7, numRuns: 500 },
    )
  })
})

function escape(value: string): string {
  return value.replace(
    /[&<>"\p{Cc}\p{Cs}\ufffe\uffff]/gu,
    (one) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[one] ?? '',
  )
}
