import assert from 'node:assert/strict'
import { createHash, scryptSync } from 'node:crypto'
import { suite, test } from 'node:test'
import { commandLine } from './captured.ts'

const key = 'pO3xUzQ9c1m7n5b2v8a4s6d0f1g2h3j4'
const sha256 = (text: string): string => `sha256:${createHash('sha256').update(text).digest('hex')}`

suite('onedoor hash', () => {
  test('writes the SHA-256 of the key on standard input, with and without the line break of a shell', async t => {
    for (const stdin of [key, `${key}\n`, `${key}\r\n`]) {
      assert.deepEqual(await commandLine(t, { stdin }).onedoor('hash'), { status: 0, stdout: `${sha256(key)}\n`, stderr: '' })
    }
  })

  test('--generate makes a key of 256 bits and writes it above its hash', async t => {
    const { onedoor } = commandLine(t)
    const [made, hashed, end] = (await onedoor('hash', '--generate')).stdout.split('\n')
    assert.equal(Buffer.from(made!, 'base64url').length, 32)
    assert.deepEqual([hashed, end], [sha256(made!), ''])
    assert.notEqual((await onedoor('hash', '--generate')).stdout.split('\n')[0], made)
  })

  test('--password writes an scrypt hash with a salt of its own, the same for both ways to write ö', async t => {
    const written = async (stdin: string): Promise<string[]> => (await commandLine(t, { stdin }).onedoor(
      'hash',
      '--password'
    )).stdout.trim().split(':')
    for (const password of ['schön und lang', 'scho\u0308n und lang']) {
      const [kind, N, r, p, salt, hash] = await written(password)
      assert.equal(kind, 'scrypt')
      const options = { N: Number(N), r: Number(r), p: Number(p), maxmem: 2 ** 27 }
      assert.equal(scryptSync('schön und lang', Buffer.from(salt!, 'base64url'), 32, options).toString('base64url'), hash)
    }
    assert.notEqual((await written('a'))[4], (await written('a'))[4])
  })

  test('warns of a key that can be guessed, and hashes it all the same', async t => {
    const { stdout, stderr } = await commandLine(t, { stdin: 'letmein\n' }).onedoor('hash')
    assert.equal(stdout, `${sha256('letmein')}\n`)
    assert.match(stderr, /can be guessed .* --generate/)
    assert.doesNotMatch(stderr, /letmein/)
  })

  for (const [what, stdin, argv, said] of [
    ['nothing', '', [], /no secret on standard input/],
    ['only a line break', '\n', [], /no secret on standard input/],
    ['two lines', `${key}\n${key}\n`, [], /control characters/],
    ['a key with a blank', 'my key', [], /visible ASCII characters/],
    ['more than anybody has', 'x'.repeat(5000), ['--password'], /longer than 4096 bytes/]
  ] as const) {
    test(`refuses ${what}`, async t => {
      const { status, stdout, stderr } = await commandLine(t, { stdin }).onedoor('hash', ...argv)
      assert.deepEqual([status, stdout], [1, ''])
      assert.match(stderr, said)
    })
  }
})
