/** The files that browsers load with the console: read once, and compressed once for each encoding, when the first browser asks. */

import { hash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { brotliCompress, constants, gzip } from 'node:zlib'

/** How a body may be encoded, the best first. */
export const encodings = ['br', 'gzip'] as const

export type Encoding = typeof encodings[number]

export interface Asset {
  readonly type: string
  readonly body: Buffer
  readonly encoded: (encoding: Encoding) => Promise<Buffer>
}

export interface Assets {
  /** Changes with any of the files, so that what has it in its path may be kept for ever. */
  readonly version: string
  /** By name. */
  readonly files: ReadonlyMap<string, Asset>
}

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml'
}

const folder = fileURLToPath(new URL('page', import.meta.url))

let loaded: Promise<Assets> | undefined

/** The files of this package. They are read once in the life of the process. */
export async function consoleAssets (): Promise<Assets> {
  return await (loaded ??= loadAssets(folder))
}

/** Reads the scripts, style sheets and pictures of a folder. */
export async function loadAssets (from: string): Promise<Assets> {
  const names = (await readdir(from)).filter(name => extname(name) in types)
  const files = await Promise.all(names.toSorted().map(async name => [name, await assetOf(join(from, name))] as const))
  return {
    version: hash('sha256', files.map(([name, { body }]) => `${name} ${hash('sha256', body)}`).join('\n'), 'hex').slice(0, 16),
    files: new Map(files)
  }
}

/** The best quality of Brotli takes two tenths of a second, for which the first browser would wait, to save a tenth of the bytes. */
const compress: Readonly<Record<Encoding, (body: Buffer) => Promise<Buffer>>> = {
  br: async body => await promisify(brotliCompress)(body, { params: { [constants.BROTLI_PARAM_QUALITY]: 6 } }),
  gzip: async body => await promisify(gzip)(body)
}

async function assetOf (path: string): Promise<Asset> {
  const body = await readFile(path)
  const kept: Partial<Record<Encoding, Promise<Buffer>>> = {}
  return { type: types[extname(path)]!, body, encoded: async encoding => await (kept[encoding] ??= compress[encoding](body)) }
}
