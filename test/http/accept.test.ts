import assert from 'node:assert/strict'
import { test } from 'node:test'
import { isRather, wanted } from '../../src/http/accept.ts'

const table: readonly [accept: string | undefined, type: string, weight: number, narrow: number][] = [
  [undefined, 'text/html', 1, 0],
  ['', 'text/html', 1, 0],
  ['*/*', 'text/html', 1, 0],
  ['text/*', 'text/html', 1, 1],
  ['TEXT/HTML', 'text/html', 1, 2],
  ['image/png', 'text/html', 0, 0],
  ['text/html;q=0', 'text/html', 0, 2],
  ['text/html;q=0, */*', 'text/html', 0, 2],
  ['*/*;q=0.1, text/*;q=0.5', 'text/html', 0.5, 1],
  ['text/*;q=0.9, text/html;q=0.2', 'text/html', 0.2, 2],
  ['text/html;q=0.2, text/*;q=0.9', 'text/html', 0.2, 2],
  ['text/html;q=0.2, text/html;q=0.4, text/html;q=0.3', 'text/html', 0.4, 2],
  ['text/html ; charset=utf-8 ; Q=0.25', 'text/html', 0.25, 2],
  ['text/html;q=7', 'text/html', 1, 2],
  ['text/html;q=x', 'text/html', 1, 2],
  ['text/html;q=.', 'text/html', 0, 2],
  [',,;q=1,text/html', 'text/html', 1, 2],
  ['text/htmlx, xtext/html', 'text/html', 0, 0]
]

test('the narrowest range of Accept that fits a type says how much it is wanted', () => {
  for (const [accept, type, weight, narrow] of table) assert.deepEqual(wanted(accept, type), { weight, narrow }, `${accept} ${type}`)
})

test('what is wanted more comes first, then what is named more narrowly; what is not wanted never does', () => {
  const html = (accept: string | undefined): boolean => isRather(wanted(accept, 'text/html'), wanted(accept, 'application/json'))
  assert.deepEqual(
    ['text/html', 'text/html,application/xml;q=0.9,*/*;q=0.8', 'text/html, */*', 'text/*', 'application/json;q=0.5, text/html'].map(html),
    [true, true, true, true, true]
  )
  assert.deepEqual(
    [
      undefined, '*/*', 'application/json', 'application/json, text/html', 'application/json, text/plain, */*',
      'image/png', 'text/html;q=0', 'text/html;q=0.4, */*;q=0.5'
    ].map(html),
    Array<boolean>(8).fill(false)
  )
})
