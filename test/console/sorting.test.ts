/** The order of rows in the tables of the console. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sorting } from './client.ts'

const rows = [{ name: 'b10', rate: 3 }, { name: 'b9', rate: null }, { name: 'a', rate: 7 }, { name: 'c', rate: 3 }]
const names = (sorted: readonly { readonly name: string }[]): string => sorted.map(({ name }) => name).join(' ')

test('figures are sorted by size and texts as people count, both ways; what has no figure is last', () => {
  assert.equal(names(sorting.sortedBy(rows, ({ name }) => name, false)), 'a b9 b10 c')
  assert.equal(names(sorting.sortedBy(rows, ({ name }) => name, true)), 'c b10 b9 a')
  assert.equal(names(sorting.sortedBy(rows, ({ rate }) => rate, false)), 'b10 c a b9')
  assert.equal(names(sorting.sortedBy(rows, ({ rate }) => rate, true)), 'a b10 c b9')
})

test('a heading sorts figures downwards first and texts upwards, and turns the order when it is pressed again', () => {
  assert.equal(sorting.nextSorting({ name: 'rate', number: true }, 'name'), '-rate')
  assert.equal(sorting.nextSorting({ name: 'rate', number: true }, '-rate'), 'rate')
  assert.equal(sorting.nextSorting({ name: 'name' }, '-rate'), 'name')
  assert.equal(sorting.nextSorting({ name: 'name' }, 'name'), '-name')
})

test('an order that is held keeps its rows, and takes new ones at its end', () => {
  assert.equal(names(sorting.inOrder(['c', 'gone', 'a'], rows, ({ name }) => name)), 'c a b10 b9')
})
