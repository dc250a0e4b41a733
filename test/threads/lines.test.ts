/** How the lines of data threads come to the output of the control thread. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { writeLinesOf } from '../../src/logging/lines-of-threads.ts'
import type { LogOutput } from '../../src/logging/log-output.ts'
import { ThreadOutput } from '../../src/logging/thread-output.ts'
import { linkedHoldings } from './linked.ts'

function outputOfControl (t: TestContext) {
  const { links, join, arrived } = linkedHoldings(t)
  const written: { text: string, lines: number }[] = []
  const output: LogOutput & { lost: number } = {
    write: (text, lines = 1) => { written.push({ text, lines }) },
    lose (lines) { this.lost += lines },
    lost: 0,
    onRecovered: () => () => {}
  }
  return { links, join, arrived, written, output }
}

test('lines of a tick are handed over together, in order, with their number', async t => {
  const { links, join, arrived, written, output } = outputOfControl(t)
  writeLinesOf(links, output)
  const thread = new ThreadOutput(join().link)
  for (const line of ['one\n', 'two\n', 'three\n']) thread.write(line)
  thread.flush()
  await arrived()
  assert.deepEqual(written, [{ text: 'one\ntwo\nthree\n', lines: 3 }])
  assert.equal(thread.lost, 0)
})

test('lines are handed over by themselves, after a pause and soon after others', async t => {
  const { links, join, written, output } = outputOfControl(t)
  let wanted = 'one\n'
  let got = Promise.withResolvers<void>()
  writeLinesOf(links, {
    ...output,
    write (text, lines = 1) {
      written.push({ text, lines })
      if (written.map(batch => batch.text).join('') === wanted) got.resolve()
    }
  })
  const thread = new ThreadOutput(join().link)
  thread.write('one\n')
  await got.promise
  wanted = 'one\ntwo\nthree\n'
  got = Promise.withResolvers<void>()
  thread.write('two\n')
  await new Promise(resolve => { setImmediate(resolve) })
  thread.write('three\n')
  await got.promise
  assert.equal(written.reduce((sum, { lines }) => sum + lines, 0), 3)
})

test('many lines do not wait: each message has whole lines of one thread', async t => {
  const { links, join, arrived, written, output } = outputOfControl(t)
  writeLinesOf(links, output)
  const threads = [1, 2].map(number => ({ number, output: new ThreadOutput(join().link) }))
  for (let index = 0; index < 1000; index++) {
    for (const { number, output } of threads) output.write(`${number} ${index} ${'x'.repeat(100)}\n`)
  }
  for (const { output } of threads) output.flush()
  await arrived()
  assert.ok(written.length >= 6 && written.every(({ text }) => text.endsWith('\n')))
  for (const { number } of threads) {
    const own = written.flatMap(({ text }) => text.split('\n')).filter(line => line.startsWith(`${number} `))
    assert.deepEqual(own.map(line => Number(line.split(' ')[1])), Array.from({ length: 1000 }, (_, index) => index))
  }
})

test('a control thread that takes nothing costs lines above the limit, and they are counted when it goes on', async t => {
  const { links, join, arrived, written, output } = outputOfControl(t)
  writeLinesOf(links, output)
  const thread = new ThreadOutput(join().link, 100)
  // Nothing is taken within one tick.
  for (let index = 0; index < 30; index++) {
    thread.write('123456789\n')
    thread.flush()
  }
  await arrived()
  assert.equal(written.reduce((sum, { lines }) => sum + lines, 0), 10)
  thread.write('123456789\n')
  thread.flush()
  await arrived()
  assert.deepEqual([written.length, output.lost], [11, 20])
})

test('the lines of a thread that takes the place of another are counted anew', async t => {
  const { links, join, arrived, written, output } = outputOfControl(t)
  writeLinesOf(links, output)
  const { link } = join()
  const first = new ThreadOutput(link, 20)
  first.write('123456789\n')
  first.flush()
  const second = new ThreadOutput(link, 20)
  for (let index = 0; index < 3; index++) {
    for (let line = 0; line < 2; line++) second.write('123456789\n')
    second.flush()
    await arrived()
  }
  assert.deepEqual([written.reduce((sum, { lines }) => sum + lines, 0), output.lost], [7, 0])
})
