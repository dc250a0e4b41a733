/** Reads a small text file, and says in plain words why it cannot. */
import { readFileSync, statSync } from 'node:fs'

/** `offset` is where decoding failed, in UTF-16 units of `text`, the readable rendering of the broken file. */
export type TextFile = { readonly text: string } | { readonly failure: string, readonly text?: string, readonly offset?: number }

/** The text of a regular UTF-8 file of at most `limit` bytes, without a byte order mark. Never throws. */
export function readTextFile (file: string, limit: number): TextFile {
  try {
    const stats = statSync(file)
    if (stats.isDirectory()) return { failure: 'it is a directory' }
    // A pipe or a device could block or never end.
    if (!stats.isFile()) return { failure: 'it is not a regular file' }
    if (stats.size > limit) return { failure: `it is larger than ${limit / 1024} KiB` }
    return decode(readFileSync(file))
  } catch (error) {
    return { failure: reason(error as NodeJS.ErrnoException) }
  }
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
  return error.code ?? error.message
}
