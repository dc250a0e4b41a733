/** The process log. */

import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { test } from 'node:test'
import { createLogger, type LogOptions, type Logger } from '../../src/log.ts'

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
  const headers = { authorization: 'hunter2', cookie: 'hunter2', 'set-cookie': ['hunter2'], 'x-api-key': 'hunter2', 'proxy-authorization': 'hunter2', accept: 'text/html' }
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

test('lines below the level are not written', () => {
  const { log, lines } = logInMemory({ level: 'warn' })
  log.info('x')
  assert.deepEqual(lines, [])
})

test('pretty lines are for eyes, `auto` into something else than a terminal is JSON', () => {
  const script = (format: string): string => `
    import { createLogger } from ${JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)}
    createLogger({ level: 'info', format: '${format}' }).info({ port: 8080 }, 'listening')`
  const run = (format: string): string => spawnSync(process.execPath, ['--input-type=module', '--eval', script(format)], { encoding: 'utf8' }).stdout
  assert.match(run('pretty'), /^\[[\d:.]+\] INFO: listening \{"port":8080\}\n$/)
  assert.equal((JSON.parse(run('auto')) as { msg: string }).msg, 'listening')
})

test('a crash loses no line', () => {
  const script = `
    import { createLogger } from ${JSON.stringify(new URL('../../src/log.ts', import.meta.url).href)}
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
