/** What the link between two threads promises. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import { MessageChannel } from 'node:worker_threads'
import { PortLink } from '../../src/threads/link.ts'
import { Links } from '../../src/threads/links.ts'

/** Both ends of a link. */
function ends (t: TestContext): { readonly here: PortLink, readonly there: PortLink } {
  const { port1, port2 } = new MessageChannel()
  t.after(() => port1.close())
  return { here: new PortLink(port1), there: new PortLink(port2) }
}

test('messages arrive on their channel, in the order in which they were sent', async t => {
  const { here, there } = ends(t)
  const heard: unknown[] = []
  there.on('one', message => { heard.push(['one', message]) })
  there.on('two', message => { heard.push(['two', message]) })
  there.answer('end', () => heard)
  here.send('one', 1)
  here.send('two', { deep: [2] })
  here.send('nobody', 3)
  here.send('one', 4)
  assert.deepEqual(await here.ask('end', undefined), [['one', 1], ['two', { deep: [2] }], ['one', 4]])
})

test('a question gets the answer of the other end, also when another one is answered first', async t => {
  const { here, there } = ends(t)
  const slow = Promise.withResolvers<string>()
  there.answer('slow', () => slow.promise)
  there.answer('twice', (number: number) => 2 * number)
  const first = here.ask('slow', undefined)
  assert.equal(await here.ask('twice', 21), 42)
  slow.resolve('done')
  assert.equal(await first, 'done')
})

test('an error of the answering end rejects the question, and only this one', async t => {
  const { here, there } = ends(t)
  there.answer('fails', () => { throw new RangeError('too far') })
  there.answer('works', () => 'yes')
  await assert.rejects(here.ask('fails', undefined), { name: 'RangeError', message: 'too far' })
  assert.equal(await here.ask('works', undefined), 'yes')
})

test('when the other end has gone, what was asked and what is asked later is rejected, and messages are ignored', async t => {
  const { here, there } = ends(t)
  there.answer('never', async () => await new Promise(() => {}))
  const asked = here.ask('never', undefined)
  here.close(new Error('it has ended'))
  await assert.rejects(asked, /it has ended/)
  await assert.rejects(here.ask('never', undefined), /it has ended/)
  here.send('any', 1)
})

test('of all threads, those that answer in time are heard', async t => {
  const links = new Links()
  const [first, second, third] = [ends(t), ends(t), ends(t)]
  for (const [index, { here }] of [first, second, third].entries()) links.add(index + 1, here)
  first.there.answer('who', () => 'first')
  second.there.answer('who', async () => await new Promise(() => {}))
  third.there.answer('who', () => { throw new Error('no') })
  assert.deepEqual([...await links.askAll('who', undefined, 50)], [[1, 'first']])
  links.remove(1)
  assert.deepEqual(links.threads, [2, 3])
  await assert.rejects(links.askOne(1, 'who', undefined), /no thread 1/)
})

test('a thread that joins later is heard on all channels, and is told what it has to know first', async t => {
  const links = new Links()
  const heard: unknown[] = []
  links.on('hello', (message: string, thread) => { heard.push([message, thread]) })
  links.answer('time', (_question, thread) => thread * 10)
  links.onJoined(link => { link.send('welcome', 'known before') })
  const { here, there } = ends(t)
  const welcome = Promise.withResolvers<unknown>()
  there.on('welcome', welcome.resolve)
  links.add(7, here)
  assert.equal(await welcome.promise, 'known before')
  there.send('hello', 'from seven')
  assert.equal(await there.ask('time', undefined), 70)
  assert.deepEqual(heard, [['from seven', 7]])
})
