/**
 * `npm run attack -- --peers`: the attacks that make sense for any proxy, against this gateway and against those that are installed here.
 * Prints a table and writes it into `docs/understand/security.md`. `--threads 2` attacks a gateway with two threads.
 */

import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { connect, createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { answers } from './cases/answers.ts'
import type { Attack } from './case.ts'
import { fields } from './cases/fields.ts'
import { framing } from './cases/framing.ts'
import { hops } from './cases/hops.ts'
import { queues } from './cases/queues.ts'
import { targets } from './cases/targets.ts'
import { onedoor, peers, type Proxy } from './proxies.ts'
import { Recorder } from './recorder.ts'
import { run, type Kind } from './run.ts'

const root = new URL('../../', import.meta.url)

interface Row {
  readonly proxy: string
  readonly version: string
  readonly failed: number
  readonly kinds: ReadonlyMap<Kind, number>
}

async function measure (proxy: Proxy, version: string, attacks: readonly Attack[], verbose: boolean): Promise<Row> {
  const folder = mkdtempSync(join(tmpdir(), 'attack-'))
  const recorder = new Recorder()
  const upstream = await recorder.start()
  const port = await freePort()
  const child = proxy.start(folder, port, upstream)
  const gone = once(child, 'exit')
  await listening(port)
  const kinds = new Map<Kind, number>()
  let failed = 0
  for (const attack of attacks) {
    const all = await run({ url: `http://127.0.0.1:${port}`, recorder, patience: 3000, linger: 60 }, attack)
    const found = all.filter(({ kind }) => kind !== 'other')
    if (found.length > 0) failed++
    for (const kind of new Set(found.map(problem => problem.kind))) kinds.set(kind, (kinds.get(kind) ?? 0) + 1)
    if (verbose) for (const { kind, what } of found) console.log(`${proxy.name} · ${attack.name} · ${kind}: ${what}`)
  }
  child.kill('SIGTERM')
  await Promise.race([gone, new Promise(resolve => setTimeout(resolve, 2000))])
  child.kill('SIGKILL')
  await recorder.close()
  rmSync(folder, { recursive: true, force: true })
  return { proxy: proxy.name, version, failed, kinds }
}

async function freePort (): Promise<number> {
  const server = createServer()
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  const { port } = server.address() as AddressInfo
  await new Promise<void>(resolve => { server.close(() => resolve()) })
  return port
}

async function listening (port: number): Promise<void> {
  for (let attempt = 0; attempt < 200; attempt++) {
    const socket = connect(port, '127.0.0.1')
    const open = await new Promise<boolean>(resolve => {
      socket.once('connect', () => resolve(true))
      socket.once('error', () => resolve(false))
    })
    socket.destroy()
    if (open) return
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error(`nothing listens on port ${port}`)
}

/** Markdown of the table, one column of findings for each kind. */
function render (rows: readonly Row[], count: number): string {
  const shown = [
    'not strictly valid', 'answered 500', 'malformed answer', 'no end', 'not served afterwards', 'passed on'
  ] as const satisfies readonly Kind[]
  const lines = rows.map(({
    proxy,
    version,
    failed,
    kinds
  }) => `| ${proxy} ${version} | ${count} | ${count - failed} | ${failed} | ${shown.map(kind => kinds.get(kind) ?? 0).join(' | ')} |`)
  return [
    `Measured on ${new Date().toISOString().slice(0, 10)}.`,
    '',
    '| Proxy | Attacks | Passed | Failed | Invalid bytes | Status 500 | Malformed | No end | Next harmed | Passed on |',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |',
    ...lines
  ].join('\n')
}

const marks = ['<!-- attack table -->', '<!-- end of attack table -->'] as const

function write (table: string): void {
  const page = new URL('docs/understand/security.md', root)
  const text = readFileSync(page, 'utf8')
  const start = text.indexOf(marks[0])
  const end = text.indexOf(marks[1])
  if (start === -1 || end === -1) throw new Error(`docs/understand/security.md has lost its mark ${marks[0]}`)
  writeFileSync(page, `${text.slice(0, start + marks[0].length)}\n${table}\n${text.slice(end)}`)
}

const { values: flags } = parseArgs({
  options: { peers: { type: 'boolean' }, verbose: { type: 'boolean' }, threads: { type: 'string', default: '1' } }
})
const own = onedoor(Number(flags.threads))
const attacks = [framing, fields, targets, hops, queues, answers].flatMap(theme => theme.attacks).filter(({ open }) => open === true)
const rows: Row[] = []
for (const proxy of flags.peers === true ? [own, ...peers] : [own]) {
  const version = proxy.version()
  if (version !== undefined) rows.push(await measure(proxy, version, attacks, flags.verbose === true))
}
const table = render(rows, attacks.length)
console.log(table)
if (flags.peers === true) write(table)
