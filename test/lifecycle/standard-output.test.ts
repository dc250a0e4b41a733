import assert from 'node:assert/strict'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, constants, openSync, readFileSync } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { suite, test, type TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { send } from '../helpers/client.ts'
import { freePort } from '../helpers/target.ts'
import { folder } from '../config/folder.ts'

const bin = fileURLToPath(new URL('../../bin/onedoor.mjs', import.meta.url))

/** A process of the gateway with this as its standard output, and the address of its admin listener: the log cannot be asked. */
async function gatewayInto (
  t: TestContext,
  stdio: number | 'pipe',
  cwd: string,
  command = [process.execPath, bin]
): Promise<{ child: ChildProcess, proxy: string, admin: string }> {
  const child = spawn(command[0]!, command.slice(1), { cwd, stdio: ['ignore', stdio, 'ignore'] })
  t.after(() => child.kill('SIGKILL'))
  const { proxy, admin } = JSON.parse(readFileSync(join(cwd, 'ports.json'), 'utf8')) as { proxy: string, admin: string }
  for (;;) {
    const up = await send(admin, '/readyz').then(({ status }) => status === 200, () => false)
    if (up) return { child, proxy, admin }
    assert.equal(child.exitCode, null)
    await new Promise(resolve => setTimeout(resolve, 20))
  }
}

async function prepare (t: TestContext, threads = 2): Promise<string> {
  const [proxy, admin] = [await freePort(), await freePort()]
  return folder(t, {
    'gateway.yaml': `server: { host: 127.0.0.1, port: ${proxy}, threads: ${threads} }
admin: { port: ${admin} }
logging: { format: json }
routes: [{ path: /*, respond: {} }]
`,
    'ports.json': JSON.stringify({ proxy: `http://127.0.0.1:${proxy}`, admin: `http://127.0.0.1:${admin}` })
  })
}

/** Asks over one connection until the gateway has lost lines; every request must be answered. */
async function floodUntilLost (proxy: string, admin: string): Promise<number> {
  const socket = connect(Number(new URL(proxy).port), '127.0.0.1')
  await once(socket, 'connect')
  for (;;) {
    await pipeline(socket, 400)
    const lost = await lostLines(admin)
    if (lost > 0) {
      socket.destroy()
      return lost
    }
  }
}

/** `count` requests at once on one connection, with long paths, so that few lines are many bytes. */
async function pipeline (socket: Socket, count: number): Promise<void> {
  const path = `/${'x'.repeat(4000)}`
  let text = ''
  const done = new Promise<void>(resolve => {
    const read = (chunk: Buffer): void => {
      text += chunk.toString('latin1')
      if ((text.match(/HTTP\/1\.1 200/g)?.length ?? 0) < count) return
      socket.off('data', read)
      resolve()
    }
    socket.on('data', read)
  })
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(count))
  await done
}

async function lostLines (admin: string): Promise<number> {
  const { text } = await send(admin, '/metrics')
  return Number(/^gateway_log_lines_dropped_total (\d+)$/m.exec(text)?.[1])
}

suite('standard output without a reader', { concurrency: 2 }, () => {
  test('a pipe: every request gets a response, lines are lost and counted, and it is said when it flows again', async t => {
    const cwd = await prepare(t)
    const { child, proxy, admin } = await gatewayInto(t, 'pipe', cwd)
    await floodUntilLost(proxy, admin)
    let told: { level: string, lost: number } | undefined
    let completed = 0
    const asked = async (): Promise<number> => Number(/^gateway_requests_total\{.*\} (\d+)$/m.exec((await send(
      admin,
      '/metrics'
    )).text)?.[1])
    for await (const line of createInterface({ input: child.stdout! })) {
      const fields = JSON.parse(line) as { msg: string, level: string, lost: number }
      if (fields.msg === 'request completed') completed++
      if (fields.msg !== 'standard output takes lines again') continue
      told = fields
      break
    }
    assert.equal(told?.level, 'warn')
    assert.equal(told?.lost, await lostLines(admin))
    assert.equal(completed + told.lost, await asked())
  })

  for (const [signal, threads] of [['SIGTERM', 1], ['SIGINT', 2]] as const) {
    test(`a named pipe: ${signal} ends a process in which ${threads} ${threads === 1 ? 'thread serves' : 'threads serve'}`, async t => {
      const cwd = await prepare(t, threads)
      execFileSync('mkfifo', [join(cwd, 'log')])
      // For both, or opening would wait for the other side.
      const fifo = openSync(join(cwd, 'log'), constants.O_RDWR)
      t.after(() => closeSync(fifo))
      const { child, proxy, admin } = await gatewayInto(t, fifo, cwd)
      await floodUntilLost(proxy, admin)
      child.kill(signal)
      assert.deepEqual(await once(child, 'exit'), [0, null])
    })
  }

  test('a terminal that is stopped', async t => {
    const cwd = await prepare(t, 1)
    // Nothing reads the other side of the terminal that `script` would copy from: its own output is the pipe that is full.
    const { proxy, admin } = await gatewayInto(
      t,
      'pipe',
      cwd,
      ['script', '-qfec', `echo $$ > pid; exec '${process.execPath}' '${bin}'`, '/dev/null']
    )
    const pid = Number(readFileSync(join(cwd, 'pid'), 'utf8'))
    t.after(() => process.kill(pid, 'SIGKILL'))
    await floodUntilLost(proxy, admin)
  })

  test('a reader that has gone costs lines and nothing else', async t => {
    const cwd = await prepare(t)
    const { child, proxy, admin } = await gatewayInto(t, 'pipe', cwd)
    child.stdout!.destroy()
    assert.ok(await floodUntilLost(proxy, admin) > 0)
    child.kill('SIGTERM')
    assert.deepEqual(await once(child, 'exit'), [0, null])
  })
})

test('a file gets every line in order, and the last ones before the process ends', async t => {
  // The lines of several threads are in order for each of them.
  const cwd = await prepare(t, 1)
  const file = openSync(join(cwd, 'log'), 'w')
  const { child, proxy } = await gatewayInto(t, file, cwd)
  for (let index = 0; index < 20; index++) await send(proxy, `/${index}`)
  child.kill('SIGTERM')
  await once(child, 'exit')
  closeSync(file)
  const lines = readFileSync(join(cwd, 'log'), 'utf8').trimEnd().split('\n').map(line => JSON.parse(line) as { msg: string, path: string })
  assert.deepEqual(lines.flatMap(({ path }) => path ?? []), Array.from({ length: 20 }, (_, index) => `/${index}`))
  assert.equal(lines.at(-1)?.msg, 'shutdown complete')
})
