/** Who prints the page of metrics for threads that serve clients. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Pages, type PrintMetrics } from '../../plugins/core/metrics/pages.ts'

test('the page is that of the newest generation, also after one was given up while it was built', async () => {
  let ask: ((open: never) => unknown) | undefined
  const pages = new Pages({ answer (_channel, answer) { ask = open => answer(open, 1) } })
  const print = (text: string): PrintMetrics => async () => ({ contentType: '', text })
  const [first, second, givenUp] = [print('first'), print('second'), print('given up')]
  pages.add(first)
  pages.add(second)
  pages.remove(givenUp)
  assert.deepEqual(await ask!(false as never), { contentType: '', text: 'second' })
  pages.remove(second)
  assert.deepEqual(await ask!(false as never), { contentType: '', text: 'first' })
})
