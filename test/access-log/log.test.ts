/** The process log. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { createLogger, type LogOptions, type Logger } from '../../src/logging/log.ts'

function logInMemory (options: Partial<LogOptions> = {}): { log: Logger, lines: string[] } {
  const lines: string[] = []
  return { log: createLogger({ level: 'info', format: 'json', ...options }, { write: (line: string) => { lines.push(line) } }), lines }
}

test('a JSON line has level, time, message and fields, and nothing about the machine', () => {
  const { log, lines } = logInMemory()
  log.warn({ port: 8080 }, 'listening')
  const { time, ...line } = JSON.parse(lines[0]!) as Record<string, unknown>
  assert.deepEqual(line, { level: 'warn', port: 8080, msg: 'listening' })
  assert.equal(typeof time, 'number')
})

test('no value can begin a line', () => {
  const { log, lines } = logInMemory()
  log.info({ path: '/a\n{"level":"fatal"}\r\n\u2028\u001b[31m' }, 'x\ny')
  assert.equal(lines.length, 1)
  assert.doesNotMatch(lines[0]!.trimEnd(), /[\n\r\u001b]/)
})

test('credentials are taken out wherever headers are logged', () => {
  const { log, lines } = logInMemory()
  const headers = {
    authorization: 'hunter2',
    cookie: 'hunter2',
    'set-cookie': ['hunter2'],
    'x-api-key': 'hunter2',
    'proxy-authorization': 'hunter2',
    accept: 'text/html'
  }
  log.info({ headers, req: { headers }, request: { headers }, res: { headers }, response: { headers } }, 'x')
  log.error({ err: Object.assign(new Error('x'), { headers }) }, 'x')
  assert.doesNotMatch(lines.join(), /hunter2/)
  assert.match(lines[0]!, /text\/html/)
})

test('an error is logged with all its causes', () => {
  const { log, lines } = logInMemory()
  log.error({ err: new Error('outer', { cause: new Error('middle', { cause: new Error('inner') }) }) }, 'x')
  const { err } = JSON.parse(lines[0]!) as { err: { stack: string } }
  for (const message of ['outer', 'middle', 'inner']) assert.ok(err.stack.includes(message))
})

test('each cause has its code, errors of an AggregateError too, and what a library hangs on an error is not logged', () => {
  const { log, lines } = logInMemory()
  const refused = (address: string): Error => Object.assign(
    new Error(`connect ECONNREFUSED ${address}`),
    { code: 'ECONNREFUSED', syscall: 'connect', address }
  )
  const cause = Object.assign(new AggregateError([refused('::1'), refused('127.0.0.1')], 'all refused'), { code: 'ECONNREFUSED' })
  const outer = Object.assign(
    new Error('fetch failed', { cause }),
    { code: 'UND_ERR', config: { headers: { authorization: 'hunter2' } }, body: 'hunter2', token: 'hunter2' }
  )
  log.error({ err: outer }, 'x')
  const { err } = JSON.parse(lines[0]!) as { err: Record<string, unknown> & { stack: string } }
  assert.deepEqual({ ...err, stack: undefined }, {
    type: 'Error', message: 'fetch failed', code: 'UND_ERR', stack: undefined,
    cause: {
      type: 'AggregateError', message: 'all refused', code: 'ECONNREFUSED',
      errors: [
        '::1',
        '127.0.0.1'
      ].map(address => ({ type: 'Error', message: `connect ECONNREFUSED ${address}`, code: 'ECONNREFUSED', syscall: 'connect', address }))
    }
  })
  assert.match(err.stack, /fetch failed[^]*caused by: [^]*all refused/)
  assert.doesNotMatch(lines[0]!, /hunter2/)
})

test('causes that go round in a circle, or without end, are cut', () => {
  const { log, lines } = logInMemory()
  const one: Error = new Error('one')
  one.cause = new Error('two', { cause: one })
  log.error({ err: one }, 'x')
  let deep = new Error('0')
  for (let index = 1; index < 100; index++) deep = new Error(String(index), { cause: deep })
  log.error(deep)
  log.error({ err: new AggregateError(Array.from({ length: 100 }, (_, index) => new Error(String(index)))) }, 'y')
  log.error({ err: 'not an error' }, 'z')
  assert.equal(lines.length, 4)
  assert.equal((JSON.parse(lines[2]!) as { err: { omitted: number } }).err.omitted, 92)
  assert.equal((JSON.parse(lines[3]!) as { err: unknown }).err, 'not an error')
  for (const line of lines) assert.ok(line.length < 20_000)
})

test('lines below the level are not written', () => {
  const { log, lines } = logInMemory({ level: 'warn' })
  log.info('x')
  assert.deepEqual(lines, [])
})

test('pretty lines are for eyes, `auto` into something else than a terminal is JSON', () => {
  const script = (format: string): string => `
    import { createLogger } from ${JSON.stringify(new URL('../../src/logging/log.ts', import.meta.url).href)}
    createLogger({ level: 'info', format: '${format}' }).info({ port: 8080 }, 'listening')`
  const run = (format: string): string => spawnSync(process.execPath, [
    '--input-type=module',
    '--eval',
    script(format)
  ], { encoding: 'utf8' }).stdout
  assert.match(run('pretty'), /^\[[\d:.]+\] INFO: listening \{"port":8080\}\n$/)
  assert.equal((JSON.parse(run('auto')) as { msg: string }).msg, 'listening')
})

test('a crash loses no line', () => {
  const script = `
    import { createLogger } from ${JSON.stringify(new URL('../../src/logging/log.ts', import.meta.url).href)}
    const log = createLogger({ level: 'info', format: 'json' })
    for (let index = 0; index < 2000; index++) log.info({ index }, 'x')
    setImmediate(() => {
      log.error('last words')
      throw new Error('crash')
    })`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
  const lines = stdout.trimEnd().split('\n').map(line => JSON.parse(line) as { msg: string })
  assert.notEqual(status, 0)
  assert.equal(lines.length, 2001)
  assert.equal(lines.at(-1)?.msg, 'last words')
})
