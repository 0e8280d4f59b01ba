import { crc32, deflateSync } from 'node:zlib'

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { describeLogo, LogoMistake, readLogo } from '../../../infra/logos/index.ts'

const SIGNATURE = Buffer.from('89504e470d0a1a0a', 'hex')

function chunk(type: string, data: Uint8Array = new Uint8Array()): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, checksum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  checksum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, checksum])
}

function header(width: number, height: number): Buffer {
  const data = Buffer.alloc(13)
  data.writeUInt32BE(width, 0)
  data.writeUInt32BE(height, 4)
  data.set([8, 2], 8)
  return chunk('IHDR', data)
}

const pixels = chunk('IDAT', deflateSync(Buffer.alloc(64 * 193)))
const png = (...parts: Buffer[]): Buffer => Buffer.concat([SIGNATURE, ...parts])
const plainPng = png(header(64, 64), pixels, chunk('IEND'))

const segment = (marker: number, data: number[]): Buffer =>
  Buffer.from([0xff, marker, Math.floor((data.length + 2) / 256), (data.length + 2) % 256, ...data])
const frame = segment(0xc0, [8, 0, 40, 0, 200, 1, 1, 0x11, 0])
const scan = Buffer.concat([segment(0xda, [1, 1, 0, 0, 63, 0]), Buffer.from([1, 2, 0xff, 0, 3, 0xff, 0xd0, 4])])
const jpeg = (...parts: Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0xff, 0xd8]), ...parts, Buffer.from([0xff, 0xd9])])

const bytesOf = (file: Uint8Array): Buffer => Buffer.from(readLogo(file).image.data, 'base64')
function mistake(file: Uint8Array): string {
  try {
    readLogo(file)
  } catch (error) {
    if (error instanceof LogoMistake) return error.message
    throw error
  }
  return ''
}

describe('a PNG', () => {
  it('that is whole stays as it is, and is described', () => {
    expect(bytesOf(plainPng).equals(plainPng)).toBe(true)
    expect(describeLogo(readLogo(plainPng))).toMatch(/^PNG, 64 × 64, \d+ bytes$/)
  })

  it('loses texts, dates, animations and what hides behind its end', () => {
    const notes = ['tEXt', 'tIME', 'eXIf', 'acTL', 'zTXt'].map((type) => chunk(type, Buffer.from('<script>')))
    const file = Buffer.concat([png(header(64, 64), ...notes, pixels, chunk('IEND')), Buffer.from('<script>')])
    expect(bytesOf(file).equals(plainPng)).toBe(true)
  })

  it.each<[string, Uint8Array, string]>([
    ['that breaks off', plainPng.subarray(0, -6), 'breaks off before its end'],
    ['with a changed byte', Buffer.from(plainPng).fill(7, 50, 51), 'checksum'],
    ['without pixels', png(header(64, 64), chunk('IEND')), 'no picture in it'],
    ['whose header is not first', png(pixels, header(64, 64), chunk('IEND')), 'IHDR has to be first'],
    ['with two headers', png(header(64, 64), header(9, 9), pixels, chunk('IEND')), 'IHDR has to be first'],
    ['that unpacks to too much', png(header(60_000, 60_000), pixels, chunk('IEND')), '60000 × 60000'],
    ['without a size', png(header(0, 64), pixels, chunk('IEND')), 'no size'],
    ['with a part that nobody knows', png(header(64, 64), chunk('EVIL'), pixels, chunk('IEND')), '"EVIL"'],
  ])('%s is refused', (_, file, words) => {
    expect(mistake(file)).toContain(words)
  })
})

describe('a JPEG', () => {
  it('keeps what draws it, with its size, and loses comments, places and what hides behind its end', () => {
    const hidden = [segment(0xe1, [69, 120, 105, 102]), segment(0xfe, [60, 115, 62]), segment(0xed, [1])]
    const jfif = segment(0xe0, [74, 70, 73, 70, 0])
    const file = Buffer.concat([jpeg(jfif, ...hidden, frame, Buffer.from([0xff]), scan), Buffer.from('<script>')])
    expect(bytesOf(file).equals(jpeg(jfif, frame, scan))).toBe(true)
    expect(describeLogo(readLogo(file))).toContain('JPEG, 200 × 40 (64 × 64 is recommended)')
  })

  it.each<[string, Uint8Array, string]>([
    ['that breaks off in its pixels', jpeg(frame, scan).subarray(0, -2), 'breaks off'],
    ['without a frame', jpeg(scan), 'no picture in it'],
    ['with noise between segments', jpeg(frame, Buffer.from([1]), scan), 'does not begin where it has to'],
    ['with a segment of no length', jpeg(Buffer.from([0xff, 0xe0, 0, 0]), frame, scan), 'is broken'],
  ])('%s is refused', (_, file, words) => {
    expect(mistake(file)).toContain(words)
  })
})

it.each<[string, Uint8Array, string]>([
  ['a GIF', Buffer.from('GIF89a'), 'is no PNG, JPEG or SVG'],
  ['nothing', new Uint8Array(), 'is no PNG, JPEG or SVG'],
  ['a page', Buffer.from('<!doctype html><p>Hello'), 'no well-formed XML'],
  ['too much', Buffer.concat([plainPng, Buffer.alloc(64 * 1024)]), '64 KiB is the most'],
])('%s is no logo, whatever its name says', (_, file, words) => {
  expect(mistake(file)).toContain(words)
})

it('any bytes are a logo or a mistake in words, and what was taken is taken again as it is', () => {
  const wild = fc.uint8Array({ maxLength: 200 })
  const start = fc.constantFrom(
    SIGNATURE,
    Buffer.from([0xff, 0xd8, 0xff]),
    Buffer.from('<svg '),
    plainPng,
    jpeg(frame, scan),
  )
  const bent = fc
    .tuple(start, wild, fc.nat(300))
    .map(([head, tail, cut]) => Buffer.concat([head.subarray(0, cut), tail]))
  fc.assert(
    fc.property(bent, (file) => {
      if (mistake(file) !== '') return
      const once = bytesOf(file)
      expect(bytesOf(once).equals(once)).toBe(true)
    }),
    { seed: 7, numRuns: 1_000 },
  )
})
