import assert from 'node:assert/strict'
import { test } from 'node:test'
import createRouter from 'find-my-way'
import { handlerStorage } from '../../src/internals/find-my-way-handlers.ts'

test('find-my-way 9.x: the storage of a constraint returns a bit mask; after 0 the router tries the next less specific node', () => {
  const items = ['exact', 'parameter', 'wildcard']
  const visited: string[] = []
  const fits = { name: 'fits', storage: () => handlerStorage(items), deriveConstraint: () => undefined as never }
  const router = createRouter({ constraints: { fits } })
  for (const [index, path] of ['/a/b', '/a/:x', '/*'].entries()) router.on('GET', path, { constraints: { fits: index } }, () => {})
  const find = (accepted: string): Record<string, unknown> | undefined => {
    visited.length = 0
    const found = router.find('GET', '/a/b', { fits: ((item: string) => visited.push(item) > 0 && item === accepted) as never })
    return found === null ? undefined : { ...found.params }
  }
  assert.deepEqual(find('exact'), {})
  assert.deepEqual(find('parameter'), { x: 'b' })
  assert.deepEqual(find('wildcard'), { '*': 'a/b' })
  assert.equal(find('nothing'), undefined)
  assert.deepEqual(visited, items)
})
