/** The pictures of README.md and docs/ exist in both colours and have words for those who do not see them; links lead to files. */

import assert from 'node:assert/strict'
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'node:test'

const root = fileURLToPath(new URL('../../', import.meta.url))
const pages = ['README.md', 'CONTRIBUTING.md', ...globSync('{docs,bench,examples}/**/*.md', { cwd: root }).toSorted()]
const read = (page: string): string => readFileSync(join(root, page), 'utf8')

/** All that a page refers to by an attribute or a link, without what is elsewhere. */
function filesOf (page: string): string[] {
  const prose = read(page).replaceAll(/^```[^]*?^```$/gm, '').replaceAll(/`[^`\n]*`/g, '')
  return [...prose.matchAll(/(?:\]\(|(?:src|srcset)=")([^)"\s#]+)/g)].map(([, target]) => target!)
    .filter(target => !/^[a-z]+:/.test(target))
}

test('every link and every picture of the documentation is there', () => {
  const missing = pages.flatMap(page => filesOf(page)
    .filter(target => !existsSync(join(root, dirname(page), target)))
    .map(target => `${page}: ${target}`))
  assert.deepEqual(missing, [])
})

test('every picture of the console is there light and dark, and in words', () => {
  const shown = pages.flatMap(page => [...read(page).matchAll(/<picture>[^]*?<\/picture>/g)].map(([picture]) => ({ page, picture })))
  assert.ok(shown.length >= 2)
  for (const { page, picture } of shown) {
    const [, light] = /<img src="([^"]+)-light\.png" alt="[^"]{20,}">/.exec(picture) ?? []
    const [, dark] = /<source media="\(prefers-color-scheme: dark\)" srcset="([^"]+)-dark\.png">/.exec(picture) ?? []
    assert.ok(light !== undefined && light === dark, `${page}: ${picture}`)
  }
})
