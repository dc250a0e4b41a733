/**
 * Reads small files of the configuration, and fingerprints files to detect changes. Never blocks and reads a limited number of bytes,
 * whatever the path refers to.
 */
import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { resolve } from 'node:path'
import { copyOf, type FileCopies, type FileCopy } from './file-copies.ts'

/**
 * The text of a file, or why it could not be read. `offset` is the place where decoding failed, in UTF-16 units of `text`, a readable
 * rendering of the invalid file.
 */
export type TextFile = { readonly text: string } | { readonly failure: string, readonly text?: string, readonly offset?: number }

/**
 * The fingerprint of a file or folder. Different fingerprints mean different content or names. Undefined where the system has no file
 * descriptors or memory left.
 */
export type Print = string | undefined

/** Files and folders, each with its fingerprint when it was read. */
export type SeenFiles = ReadonlyMap<string, Print>

/** In bytes. Larger files are compared by their metadata, because reading them repeatedly would delay requests. */
const longestHashed = 1024 * 1024
const chunk = 64 * 1024

/** In bytes. No file of a configuration may be larger. */
const longestCopied = 64 * 1024 * 1024

/** Reads a regular UTF-8 file of at most `limit` bytes, without byte order mark, and its fingerprint. Never throws. */
export function readTextFile (file: string, limit: number): TextFile & { readonly print: Print } {
  const seen = read(file, limit)
  return 'failure' in seen ? seen : { ...decode(seen.bytes), print: seen.print }
}

/** Returns the fingerprint of a file, or of the names in a folder. Never throws. */
export function fingerprint (file: string): Print {
  return read(file, longestHashed).print
}

/** Copies files that were read before; undefined when one of them has changed since. */
export function copyFiles (seen: SeenFiles): FileCopies | undefined {
  const copies = new Map<string, FileCopy>()
  for (const [file, print] of seen) {
    const copy = read(file, longestCopied)
    if (copy.print !== print) return undefined
    copies.set(resolve(file), copy)
  }
  return copies
}

type Seen = { readonly print: Print } & ({ readonly bytes: Buffer } | { readonly failure: string })

function read (file: string, limit: number): Seen {
  const copy = copyOf(file)
  if (copy !== undefined) return seenIn(copy, limit)
  try {
    const named = statSync(file, { bigint: true })
    // Opening a pipe or a device may have side effects.
    if (!named.isFile()) return unfit(file, named)
    // The path may refer to something else by now, which must not block either.
    const descriptor = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK)
    try {
      const stats = fstatSync(descriptor, { bigint: true })
      return stats.isFile() ? readOpen(descriptor, stats, limit) : unfit(file, stats)
    } finally {
      closeSync(descriptor)
    }
  } catch (error) {
    return { failure: reason(error as NodeJS.ErrnoException), print: printOfFailure(error as NodeJS.ErrnoException) }
  }
}

function seenIn (copy: FileCopy, limit: number): Seen {
  if ('failure' in copy) return copy
  return copy.bytes.length > limit ? tooLarge(limit, copy.print) : { print: copy.print, bytes: Buffer.from(copy.bytes) }
}

function tooLarge (limit: number, print: Print): Seen {
  return { failure: `it is larger than ${limit / 1024} KiB`, print }
}

function readOpen (descriptor: number, stats: BigIntStats, limit: number): Seen {
  if (stats.size > limit && stats.size > longestHashed) return tooLarge(limit, printOfStats(stats))
  // A file may grow meanwhile, and some file systems report a size of 0.
  const most = Math.max(limit, longestHashed)
  const parts: Buffer[] = []
  let length = 0
  for (;;) {
    const part = Buffer.allocUnsafe(chunk)
    const count = readSync(descriptor, part, 0, chunk, null)
    if (count === 0) break
    parts.push(part.subarray(0, count))
    length += count
    if (length > most) return tooLarge(limit, printOfStats(stats))
  }
  const bytes = Buffer.concat(parts, length)
  const print = length > longestHashed ? printOfStats(stats) : createHash('sha256').update(bytes).digest('hex')
  return length > limit ? tooLarge(limit, print) : { bytes, print }
}

function unfit (file: string, stats: BigIntStats): Seen {
  if (stats.isDirectory()) return { failure: 'it is a directory', print: readdirSync(file).filter(isVisible).toSorted().join('\0') }
  return { failure: 'it is not a regular file', print: `special ${stats.dev} ${stats.ino}` }
}

function printOfStats ({ dev, ino, size, mtimeNs, ctimeNs }: BigIntStats): string {
  return `large ${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
}

/** Errors of this machine, not of the file. */
const shortages = new Set(['EMFILE', 'ENFILE', 'ENOMEM', 'EAGAIN', 'EINTR'])

function printOfFailure ({ code }: NodeJS.ErrnoException): Print {
  return code !== undefined && shortages.has(code) ? undefined : 'missing'
}

/** Whether a name in a folder counts. Hidden files and backups, which editors create and remove, do not. */
export function isVisible (name: string): boolean {
  return !name.startsWith('.') && !name.endsWith('~')
}

function decode (bytes: Buffer): TextFile {
  const utf16 = (bytes[0] === 0xFF && bytes[1] === 0xFE) || (bytes[0] === 0xFE && bytes[1] === 0xFF)
  if (utf16) return { failure: 'it is UTF-16; save it as UTF-8' }
  const text = new TextDecoder('utf-8').decode(bytes)
  const bom = bytes.subarray(0, 3).equals(Buffer.from([0xEF, 0xBB, 0xBF])) ? 3 : 0
  const again = Buffer.from(text)
  if (again.equals(bytes.subarray(bom))) return { text }
  const wrong = again.findIndex((byte, index) => byte !== bytes[bom + index])
  const offset = again.subarray(0, wrong).toString().length
  return { failure: 'it is not valid UTF-8', text, offset }
}

function reason (error: NodeJS.ErrnoException): string {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return 'no such file'
  if (error.code === 'EACCES' || error.code === 'EPERM') return 'permission denied'
  if (error.code === 'ELOOP') return 'too many symbolic links'
  if (error.code === 'EMFILE' || error.code === 'ENFILE') return 'there are no file descriptors left'
  return error.code ?? error.message
}
