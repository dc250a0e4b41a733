/** What must be answered in words: when to use what, what it costs, and the questions one has before the first line of code. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test } from 'node:test'

const page = (name: string): string => readFileSync(new URL(`../../docs/reference/${name}.md`, import.meta.url), 'utf8')

/** What stands below a heading. */
function section (text: string, heading: string): string {
  return text.split(`\n## ${heading}\n`)[1]?.split('\n## ')[0] ?? ''
}

test('S2-161 load balancing says which balancer to use when, with measured figures', () => {
  const text = page('load-balancing')
  const table = section(text, 'Which one')
  for (const name of ['round-robin', 'weighted-round-robin', 'least-connections', 'power-of-two', 'consistent-hash', 'random']) {
    assert.ok(table.includes(`\`${name}\``), name)
  }
  assert.match(text, /p99/)
})

test('S2-162 rate limiting compares its algorithms', () => {
  const table = section(page('rate-limiting'), 'Which algorithm')
  for (const name of ['token-bucket', 'sliding-window', 'fixed-window', 'concurrency']) assert.ok(table.includes(`\`${name}\``), name)
})

test('S2-164 the questions before the first line of code are answered in one sentence each', () => {
  const questions = section(page('traffic'), 'Questions')
  assert.ok((questions.match(/^- /gm)?.length ?? 0) >= 8)
  for (const word of ['504', 'body', 'breakers', 'first probe', 'canary', 'watched', 'metrics', 'shut down']) {
    assert.ok(questions.includes(word), word)
  }
})
