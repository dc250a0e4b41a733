/** Runs one attack against a proxy with a {@link Recorder} behind it, and says what was wrong. */

import { connect } from 'node:net'
import { readAnswers, type Answers } from './answers.ts'
import type { Attack, Seen } from './case.ts'
import { sentinel, type Recorder } from './recorder.ts'
import type { StrictRequest } from './strict-reader.ts'

/** What kind of wrong. Only `other` depends on what this gateway promises; everything else is wrong for any proxy. */
export type Kind = 'not strictly valid' | 'answered 500' | 'malformed answer' | 'no end' | 'not served afterwards' | 'passed on' | 'other'

export interface Problem {
  readonly kind: Kind
  readonly what: string
}

export interface Bench {
  /** Base URL of the proxy. */
  readonly url: string
  /** Base URL of what is attacked, where it is another listener. */
  readonly aim?: string
  readonly recorder: Recorder
  /** How long to wait for what should have come at once; only ever used up by what is wrong, in milliseconds. */
  readonly patience: number
  /** For proxies that keep a connection after a response: how long to wait for its close, in milliseconds. */
  readonly linger?: number
}

let asked = 0

/** Runs the attack, then asks whether a good request still gets its own response. */
export async function run (bench: Bench, attack: Attack): Promise<Problem[]> {
  const { recorder } = bench
  const problems: Problem[] = []
  const wrong = (kind: Kind, what: string): void => { problems.push({ kind, what }) }

  recorder.begin(attack.upstream)
  const parts = typeof attack.send === 'string' ? [{
    after: '',
    send: attack.send
  }] : attack.send.map(part => typeof part === 'string' ? { after: '', send: part } : part)
  const methods = attack.client.map((_, index) => index === 0 ? parts[0]!.send.slice(0, parts[0]!.send.indexOf(' ')) : 'GET')
  const { bytes, closed } = await talk({ ...bench, url: bench.aim ?? bench.url }, parts, methods, attack.leave)
  if (!closed && bench.linger === undefined) wrong('no end', `the connection stays open after ${JSON.stringify(bytes.slice(0, 60))}`)

  const path = `${sentinel}${++asked}`
  const check = await talk(bench, [{ after: '', send: `GET ${path} HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n` }], ['GET'])
  const served = readAnswers(check.bytes, ['GET'], check.closed).final[0]
  if (served?.status !== 200 || served.body !== path) wrong('not served afterwards', JSON.stringify(check.bytes.slice(0, 200)))
  if (!await within(bench.patience, recorder.settled())) wrong('no end', 'half a request stays with the upstream')

  const { faults, requests, heads } = recorder.record
  for (const fault of faults) wrong('not strictly valid', fault)
  judgeAnswers(attack, bytes, readAnswers(bytes, attack.client.length === 0 ? ['GET'] : methods, closed), wrong)
  if (attack.must === true && requests.length > 0) wrong('passed on', requests[0]!.target.slice(0, 80))
  const reached = typeof attack.reaches === 'number'
    ? requests.length === attack.reaches
    : requests.length === 0 && (attack.reaches === 'part' || heads === 0)
  if (!reached) {
    wrong(
      'other',
      `the upstream got ${requests.length} whole requests, ${heads} heads: ${requests.map(({ target }) => target.slice(0, 60)).join(' ')}`
    )
  }
  if (attack.seen !== undefined && requests[0] !== undefined) judgeRequest(attack.seen, requests[0], wrong)
  return problems
}

type Wrong = (kind: Kind, what: string) => void

function judgeAnswers (attack: Attack, bytes: string, { final, faults }: Answers, wrong: Wrong): void {
  for (const fault of faults) wrong('malformed answer', fault)
  if (final.some(({ status }) => status === 500)) wrong('answered 500', bytes.slice(0, 200))
  const statuses = final.map(({ status }) => status)
  const fits = statuses.length === attack.client.length && attack.client.every((allowed, index) => allowed.includes(statuses[index]!))
  if (!fits) wrong('other', `answered ${statuses.join(' ') || 'nothing'} instead of ${JSON.stringify(attack.client)}`)
  const cut = final.at(-1)?.complete === false
  if (attack.cut !== 'maybe' && cut !== (attack.cut === true)) wrong('other', cut ? 'the answer is cut' : 'the answer looks whole')
  if (attack.hidden?.test(bytes) === true) wrong('other', `the client sees ${attack.hidden}`)
  if (attack.shown?.test(bytes) === false) wrong('other', `the client does not see ${attack.shown}`)
}

function judgeRequest (seen: Seen, request: StrictRequest, wrong: Wrong): void {
  const { fields = {}, without = [] } = seen
  for (const key of ['method', 'target', 'body'] as const) {
    if (seen[key] !== undefined && seen[key] !== request[key]) {
      wrong('other', `${key} ${request[key].slice(0, 80)} instead of ${seen[key].slice(0, 80)}`)
    }
  }
  const values = (name: string): string[] => request.fields.filter(([key]) => key === name).map(([, value]) => value)
  for (const [name, expected] of Object.entries(fields)) {
    if (JSON.stringify(values(name)) !== JSON.stringify(expected)) {
      wrong('other', `${name}: ${JSON.stringify(values(name))} instead of ${JSON.stringify(expected)}`)
    }
  }
  for (const name of without) {
    if (values(name).length > 0 || request.trailers.some(([key]) => key === name)) wrong('other', `the upstream sees ${name}`)
  }
}

interface Talk {
  readonly bytes: string
  /** Whether the proxy closed the connection, or the client itself did. */
  readonly closed: boolean
}

async function talk (
  { url, patience, linger }: Bench,
  parts: readonly { readonly after: string, readonly send: string }[],
  methods: readonly string[],
  leave?: Attack['leave']
): Promise<Talk> {
  const { hostname, port } = new URL(url)
  return await new Promise<Talk>(resolve => {
    const socket = connect(Number(port), hostname)
    let bytes = ''
    let next = 0
    let timer = setTimeout(() => done(false), patience)
    const done = (closed: boolean): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve({ bytes, closed })
    }
    const sendOn = (): void => {
      while (next < parts.length && bytes.includes(parts[next]!.after)) {
        socket.write(parts[next++]!.send, 'latin1', next === parts.length ? finish : undefined)
      }
    }
    const finish = (): void => {
      if (leave === 'end') socket.end()
      // What has been written must be on its way before the reset, or there was nothing to reset.
      else if (leave === 'reset') setImmediate(() => socket.resetAndDestroy())
    }
    socket.setNoDelay(true)
    socket.on('connect', sendOn)
    socket.on('data', (chunk: Buffer) => {
      bytes += chunk.toString('latin1')
      sendOn()
      if (linger === undefined || leave !== undefined) return
      const { final } = readAnswers(bytes, methods, false)
      if (final.length < methods.length || !final.at(-1)!.complete) return
      clearTimeout(timer)
      timer = setTimeout(() => done(false), linger)
    })
    socket.on('error', () => {})
    socket.on('close', () => done(true))
  })
}

async function within (patience: number, promise: Promise<void>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<boolean>(resolve => { timer = setTimeout(() => resolve(false), patience) })
  const outcome = await Promise.race([promise.then(() => true), late])
  clearTimeout(timer)
  return outcome
}
