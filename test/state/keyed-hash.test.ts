/** The hash of keys in shared memory. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { KeyedHash } from '../../src/state/shared/keyed-hash.ts'

function hashOf (hash: KeyedHash, text: string): string {
  hash.of(text)
  const bytes = Buffer.alloc(8)
  bytes.writeInt32LE(hash.low, 0)
  bytes.writeInt32LE(hash.high, 4)
  return bytes.toString('hex')
}

test('it is HalfSipHash-2-4 of 64 bits, as its authors publish it', () => {
  const hash = new KeyedHash(0x03020100, 0x07060504)
  const texts = Array.from({ length: 7 }, (_, length) => String.fromCharCode(...Array.from({ length }, (_, code) => code)))
  assert.deepEqual(texts.map(text => hashOf(hash, text)), [
    '218d1f59b9b83cc8', 'be552412f8387315', '064f39ef7c50eb57', 'ce0f1a45f7060679',
    'd5e78a175be52ea1', 'cb9d7c3f2f3db580', 'ce3e91358aa2bc25'
  ])
})

test('texts that differ in one character of any script differ, and so do all texts with another key', () => {
  const [one, other] = [new KeyedHash(1, 2), new KeyedHash(1, 3)]
  const short = ['', 'a', 'aa', 'ä', 'e', 'š', 'aš', 'ša', '鍵', '鍵鍵', '\u0000', '\u0000\u0000']
  const texts = [...short, 'a'.repeat(256), 'a'.repeat(512), 'š'.repeat(256)]
  assert.equal(new Set([...texts.map(text => hashOf(one, text)), ...texts.map(text => hashOf(other, text))]).size, 2 * texts.length)
})
