/** Pictures of at most 256 colours, which is enough for a page of text and lines, in a third of the bytes. PNG: RFC 2083. */

import { crc32, deflateSync, inflateSync } from 'node:zlib'

const mostColours = 256

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** The same picture with a palette. Expects what browsers make: eight bits a channel; red, green and blue, perhaps with alpha. */
export function smaller (png: Buffer): Buffer {
  const { width, height, pixels } = decoded(png)
  const counts = new Map<number, number>()
  for (const pixel of pixels) counts.set(pixel, (counts.get(pixel) ?? 0) + 1)
  const colours = [...counts].sort(([, a], [, b]) => b - a).map(([colour]) => colour)
  const palette = paletteOf(colours)
  const places = new Map(colours.map(colour => [colour, nearest(palette, colour)]))
  // Each line begins with the filter that it has: none.
  const lines = Buffer.alloc((width + 1) * height)
  for (const [at, pixel] of pixels.entries()) lines[at + 1 + Math.floor(at / width)] = places.get(pixel)!
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  // Eight bits that are places in a palette.
  header.set([8, 3, 0, 0, 0], 8)
  const table = Buffer.from(palette.flatMap(colour => [colour >> 16, colour >> 8 & 255, colour & 255]))
  const data = deflateSync(lines, { level: 9, memLevel: 9 })
  return Buffer.concat([signature, chunk('IHDR', header), chunk('PLTE', table), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))])
}

/**
 * So few colours that each of those given is as near as possible to one of them, also the rare ones: the red of one short line counts.
 * @param colours the most frequent first
 */
function paletteOf (colours: readonly number[]): number[] {
  for (let apart = 0; ; apart += 2) {
    const palette: number[] = []
    for (const colour of colours) {
      if (palette.every(other => distance(colour, other) > apart ** 2)) palette.push(colour)
      if (palette.length > mostColours) break
    }
    if (palette.length <= mostColours) return palette
  }
}

function nearest (palette: readonly number[], colour: number): number {
  let [best, least] = [0, Infinity]
  for (const [place, other] of palette.entries()) {
    const far = distance(colour, other)
    if (far < least) [best, least] = [place, far]
  }
  return best
}

/** How different two colours are, squared. */
function distance (one: number, other: number): number {
  return ((one >> 16) - (other >> 16)) ** 2 + ((one >> 8 & 255) - (other >> 8 & 255)) ** 2 + ((one & 255) - (other & 255)) ** 2
}

function chunk (type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  check.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, check])
}

/** The colours of a picture, line by line, each as one number. */
function decoded (png: Buffer): { readonly width: number, readonly height: number, readonly pixels: Uint32Array } {
  const data: Buffer[] = []
  let header = png.subarray(0, 0)
  for (let at = signature.length; at < png.length;) {
    const length = png.readUInt32BE(at)
    const type = png.toString('latin1', at + 4, at + 8)
    const body = png.subarray(at + 8, at + 8 + length)
    if (type === 'IHDR') header = body
    else if (type === 'IDAT') data.push(body)
    at += length + 12
  }
  const [width, height, depth, kind] = [header.readUInt32BE(0), header.readUInt32BE(4), header[8], header[9]]
  if (depth !== 8 || (kind !== 2 && kind !== 6) || header[12] !== 0) throw new Error('not a picture as browsers make them')
  const channels = kind === 2 ? 3 : 4
  const bytes = unfiltered(inflateSync(Buffer.concat(data)), width * channels, channels)
  const pixels = new Uint32Array(width * height)
  for (let pixel = 0; pixel < pixels.length; pixel++) {
    const at = pixel * channels
    pixels[pixel] = bytes[at]! << 16 | bytes[at + 1]! << 8 | bytes[at + 2]!
  }
  return { width, height, pixels }
}

/** Undoes the filters of lines. @param length bytes of a line  @param step bytes of a pixel */
function unfiltered (raw: Buffer, length: number, step: number): Buffer {
  const height = raw.length / (length + 1)
  const out = Buffer.alloc(length * height)
  for (let line = 0; line < height; line++) {
    const filter = raw[line * (length + 1)]!
    for (let at = 0; at < length; at++) {
      const place = line * length + at
      const left = at < step ? 0 : out[place - step]!
      const above = line === 0 ? 0 : out[place - length]!
      const corner = line === 0 || at < step ? 0 : out[place - length - step]!
      out[place] = raw[line * (length + 1) + 1 + at]! + [0, left, above, (left + above) >> 1, paeth(left, above, corner)][filter]!
    }
  }
  return out
}

function paeth (left: number, above: number, corner: number): number {
  const guess = left + above - corner
  const [toLeft, toAbove, toCorner] = [Math.abs(guess - left), Math.abs(guess - above), Math.abs(guess - corner)]
  return toLeft <= toAbove && toLeft <= toCorner ? left : toAbove <= toCorner ? above : corner
}
