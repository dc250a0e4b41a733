/** One path has one name, however it is spelled: what limits and hashes count by. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { Matcher } from '../../plugins/core/routing/matcher.ts'
import { parsePattern, type Pattern } from '../../plugins/core/routing/pattern.ts'
import { compileKey } from '../../src/exchange/request-key.ts'
import type { Exchange } from '../../src/contract/exchange.ts'
import { startGateway } from '../helpers/gateway.ts'
import { send } from '../helpers/client.ts'

const patterns = ['/', '/login', '/users/:id', '/users/:id/x', '/files/*', '/~a/:b-:c', '/%E2%98%83/:d(\\d+)', '/*']
const matcherOf = (trailingSlash: 'strict' | 'ignore') => new Matcher(
  patterns.map((text, order) => ({ path: parsePattern(text) as Pattern, conditions: {}, order, value: text })),
  { trailingSlash }
)
const key = compileKey('path')

/** A character as itself or as its escape, in hex digits of either case. */
const spelled = (character: string, choice: number): string => {
  const escaped = [...Buffer.from(character)].map(byte => `%${byte.toString(16).padStart(2, '0')}`).join('')
  const plain = /^[A-Za-z0-9\-._~!$&'()*+,;=:@]$/.test(character)
  return choice % 3 === 0 && plain ? character : choice % 3 === 1 ? escaped : escaped.toUpperCase()
}

const segment = fc.oneof(
  fc.constantFrom('login', 'users', 'files', 'x', '~a', '☃', 'a/b', '', '%', '%2f', 'é', '1', 'a-b', ';', '$', ' '),
  fc.string({
    unit: 'grapheme',
    minLength: 1,
    maxLength: 4
  }).filter(text => text.isWellFormed() && !/[\\u0000-\\u001f\\u007f\\\\]/.test(text))
)
const spelling = fc.array(fc.nat(), { minLength: 1, maxLength: 40 })

for (const trailingSlash of ['strict', 'ignore'] as const) {
  test(`all spellings of a path that a route matches alike are one key (trailingSlash: ${trailingSlash})`, () => {
    const matcher = matcherOf(trailingSlash)
    const find = (path: string) => matcher.match({ method: 'GET', path, query: '', host: undefined, headers: {} })
    let compared = 0
    fc.assert(fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), spelling, spelling, fc.boolean(), (
      segments,
      one,
      other,
      slash
    ) => {
      const write = (choices: readonly number[], end = ''): string => {
        let at = 0
        const spell = (character: string): string => spelled(character, choices[at++ % choices.length]!)
        return `/${segments.map(text => Array.from(text).map(spell).join('')).join('/')}${end}`
      }
      const a = write(one)
      const b = write(other, slash && trailingSlash === 'ignore' && !a.endsWith('/') ? '/' : '')
      const [first, second] = [find(a), find(b)]
      if (first.kind !== 'route' || second.kind !== 'route' || first.value !== second.value) return
      compared++
      assert.equal(
        key.read({ path: a, match: first } as unknown as Exchange),
        key.read({ path: b, match: second } as unknown as Exchange),
        `${a} and ${b}`
      )
    }), { numRuns: 2000 })
    assert.ok(compared > 1000, String(compared))
  })
}

test('a limit by path is one limit for all spellings, and a hash by path one target', async t => {
  const { url } = await startGateway(t, `
server: { port: 0, host: 127.0.0.1, trailingSlash: ignore }
policies: { few: { plugin: rate-limiting, limit: 5/h, key: [ip, path] } }
routes:
  - { path: /login, respond: {}, policies: [few] }
  - { path: /other, respond: {}, policies: [few] }
`)
  const letters = 'login'.split('')
  const spellings = Array.from(
    { length: 32 },
    (_, set) => `/${letters.map((letter, bit) => set & (1 << bit) ? `%${letter.charCodeAt(0).toString(16)}` : letter).join('')}`
  )
  let passed = 0
  for (const path of spellings.flatMap(text => [
    text,
    `${text}/`,
    text.toUpperCase().replace(/[A-Z]+/g, name => name.toLowerCase()).replace(/%6c/g, '%6C')
  ])) passed += (await send(url, path)).status === 200 ? 1 : 0
  assert.equal(passed, 5)
  assert.equal((await send(url, '/other')).status, 200)
})
