/** docs/how-to/embed.md and test-a-gateway.md: every block of code runs, and so does the test in docs/reference/plugin-api.md. */

import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test, { after } from 'node:test'
import './own-package.ts'

const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
after(() => rmSync(folder, { recursive: true, force: true }))

function blocksOf (page: string): string[] {
  const text = readFileSync(new URL(`../../docs/${page}.md`, import.meta.url), 'utf8')
  return [...text.matchAll(/^```ts\n([^]*?)^```$/gm)].map(([, block]) => block!)
}

async function run (block: string, name: string): Promise<void> {
  const file = join(folder, name)
  writeFileSync(file, block)
  await import(pathToFileURL(file).href)
}

// The tests of these pages are tests of this file.
for (const [index, block] of blocksOf('how-to/test-a-gateway').entries()) await run(block, `kit-${index}.ts`)

mkdirSync(join(folder, 'plugins'))
const ofPlugins = blocksOf('reference/plugin-api')
writeFileSync(join(folder, 'plugins/stamp.ts'), ofPlugins.find(block => block.startsWith('// plugins/stamp.ts'))!)
await run(ofPlugins.find(block => block.startsWith('// stamp.test.ts'))!, 'stamp.test.ts')

test('the blocks of embed.md print what they say', async t => {
  const printed: unknown[][] = []
  for (const method of ['log', 'error'] as const) t.mock.method(console, method, (...line: unknown[]) => { printed.push(line) })
  const blocks = blocksOf('how-to/embed')
  for (const [index, block] of blocks.entries()) {
    await run(block.replace('config: {', "config: { logging: { level: 'silent' },"), `embed-${index}.ts`)
  }
  assert.match(String(printed[0]![0]), /^clients: http:\S+, operators: http:\S+$/)
  assert.deepEqual(printed.slice(1), [
    [200, { hello: 'world' }],
    [403],
    ['/routes/0/respnd', 'unknown key "respnd"', 'did you mean "respond"?']
  ])
})
