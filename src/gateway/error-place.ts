/** Finds the place in the code of a plugin at which it could not be loaded. */

import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Position } from '../config/check/problem.ts'

/** Files in which a syntax error is looked for, the plugin's own first. */
const mostFiles = 20

/** Milliseconds for reading the syntax of one file. */
const longestCheck = 5000

/** Returns the place that an error of an import names, or undefined. `file` is the one that was imported. */
export async function placeOfError (error: unknown, file: string): Promise<Position | undefined> {
  const { stack = '' } = error as { readonly stack?: string }
  if (!(error instanceof SyntaxError)) return placeInFrames(stack)
  // Node tells it of TypeScript and CommonJS, and of a missing export, but not of the syntax of an ECMAScript module.
  return placeAbove(stack) ?? await placeBySyntax(file)
}

/** The place of a text such as `file.ts:3`, some lines of the file, and a caret below the last of them. */
export function placeAbove (text: string): Position | undefined {
  const [first = '', ...lines] = text.split('\n')
  const [, file, line] = /^(.+):(\d+)$/.exec(first) ?? []
  const caret = lines.find(one => /^\s*\^+$/.test(one))
  if (file === undefined || caret === undefined) return undefined
  const column = caret.indexOf('^') + 1
  return { file: pathOf(file), line: Number(line), column, length: caret.length - column + 1 }
}

const ownCode = new URL('..', import.meta.url).href

/** The place of the first frame of a stack that is in a file, unless the gateway itself comes first. */
function placeInFrames (stack: string): Position | undefined {
  const [, file, line, column] = /^\s+at .*?(file:\/\/[^\n]+?):(\d+):(\d+)\)?$/m.exec(stack) ?? []
  if (file === undefined || file.startsWith(ownCode)) return undefined
  return { file: pathOf(file), line: Number(line), column: Number(column), length: 1 }
}

/** Lets Node read the syntax of a file and of those that it imports by path, until one is wrong. */
async function placeBySyntax (file: string): Promise<Position | undefined> {
  const files = new Set([file])
  for (const one of files) {
    const place = placeAbove(await syntaxErrorOf(one))
    if (place !== undefined) return place
    const text = await readFile(one, 'utf8').catch(() => '')
    for (const [, path] of text.matchAll(/(?:from|import)\s*\(?\s*['"](\.[^'"]+)['"]/g)) {
      if (files.size < mostFiles) files.add(resolve(dirname(one), path!))
    }
  }
  return undefined
}

async function syntaxErrorOf (file: string): Promise<string> {
  return await new Promise(done => {
    execFile(process.execPath, ['--check', file], { timeout: longestCheck }, (_error, _stdout, stderr) => done(stderr))
  })
}

function pathOf (file: string): string {
  return file.startsWith('file:') ? fileURLToPath(file.replace(/\?.*$/, '')) : file
}
