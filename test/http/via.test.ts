/** Seeing a loop in Via. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { hasVia } from '../../src/http/via.ts'

test('passages through this gateway are counted, others are not', () => {
  const cases: ReadonlyArray<readonly [string | string[] | undefined, number]> = [
    [undefined, 0], ['', 0], ['1.1 onedoor', 1], ['1.1 OneDoor', 1], ['HTTP/1.1 onedoor', 1], [
      '1.0 fred, 1.1 onedoor, 2 x, 1.1\tonedoor (a comment)',
      2
    ],
    [
      ['1.1 onedoor', '1.1 x, 1.1 onedoor'],
      2
    ], ['1.1 onedoor2', 0], ['1.1 x-onedoor', 0], ['1.1 onedoor:80', 0], ['onedoor', 0], ['1.1 x (onedoor)', 0], [',, ,', 0]
  ]
  for (const [header, count] of cases) assert.equal(hasVia(header, 'onedoor'), count, JSON.stringify(header))
})

test('a pseudonym is one in any case, in the file as in the field', () => {
  for (const pseudonym of ['OneDoor', 'ONEDOOR', 'onedoor']) {
    for (const member of ['1.1 onedoor', '1.1 OneDoor', '1.1 ONEDOOR']) {
      assert.equal(hasVia(member, pseudonym), 1, `${pseudonym} in ${member}`)
    }
  }
})

test('a pseudonym with capitals is found however the field spells it', () => {
  for (const header of ['1.1 MyDoor', '1.1 mydoor', '1.1 MYDOOR']) assert.equal(hasVia(header, 'MyDoor'), 1)
})

test('a comment that is never closed does not hide the members after it', () => {
  assert.equal(hasVia('1.1 x (, 1.1 onedoor', 'onedoor'), 1)
})
