/** One storm: a gateway, targets that misbehave, files that change, load on it; and what it broke. */

import { mkdtempSync, rmSync, writeFileSync, renameSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startRedis, type TestRedis } from '../helpers/redis.ts'
import { seeded } from '../load-balancing/seeded.ts'
import { resting, stormy, type Places } from './configuration.ts'
import { GatewayProcess, type Size } from './gateway-process.ts'
import { brokenBy, brokenBySize, brokenInLog, mustSucceed, several, type Spell } from './judge.ts'
import { Worker, type Sent } from './load.ts'
import { schedule, type Happening, type Scheduled } from './schedule.ts'
import { Target } from './targets.ts'

export interface Storm {
  readonly seed: number
  /** Of wind, all rounds together. */
  readonly seconds: number
  /** How often it blows, with a rest after each: what is held must be the same after every one but the first. */
  readonly rounds: number
  readonly redis: boolean
  readonly connections: number
  /** Of the gateway. */
  readonly threads: number
}

export interface Outcome {
  readonly figures: string
  /** Each promise that did not hold, with what shows it. */
  readonly broken: readonly string[]
}

const rooms = ['well', 'limited', 'capped', 'found', 'shaky', 'shaky', 'shaky']

/** Runs a storm of a seed: rounds with a rest after each, then an end by SIGTERM under load. */
export async function runStorm ({ seed, seconds, rounds, redis, connections, threads }: Storm): Promise<Outcome> {
  const random = seeded(seed)
  const folder = mkdtempSync(join(tmpdir(), 'storm-'))
  const ends: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })]
  try {
    const posted = new Map<string, number>()
    const count = (token: string): void => { posted.set(token, (posted.get(token) ?? 0) + 1) }
    const start = async (): Promise<Target> => {
      const target = await Target.start(random, count)
      ends.push(() => target.stop())
      return target
    }
    const well = [await start(), await start()]
    const shaky = [await start(), await start(), await start(), await start()]
    const store = redis ? await startRedis({ after: (end: () => unknown) => { ends.push(end) } }) : undefined
    const places: Places = {
      threads,
      well: well.map(({ url }) => url),
      shaky: shaky.map(({ url }) => url),
      found: join(folder, 'targets.yaml'),
      redis: store?.url
    }
    const gateway = new GatewayProcess(folder, resting(threads), threads)
    ends.push(async () => { gateway.signal('SIGKILL'); await gateway.ended })
    await gateway.started()
    const stage: Stage = { gateway, places, shaky, store, random, connections, records: [], spells: [], told: new Map() }
    await rest(stage)
    const base = await gateway.size()
    const broken: string[] = []
    const sizes: Size[] = []
    for (let round = 1; round <= rounds; round++) {
      broken.push(...await blow(stage, `${seed}r${round}-`, seconds * 1000 / rounds))
      await rest(stage)
      sizes.push(await gateway.size(base.descriptors.length))
    }
    broken.push(...await leave(stage, `${seed}e`))
    const { records, spells } = stage
    broken.push(
      ...brokenBy(records, spells), ...brokenInLog(gateway, records), ...brokenBySize(base, sizes, threads),
      ...several('POST at targets more than once', [...posted].filter(([, times]) => times > 1).map(([token]) => token))
    )
    return { figures: figuresOf(stage, base, sizes), broken }
  } finally {
    for (const end of ends.toReversed()) await end()
  }
}

interface Stage {
  readonly gateway: GatewayProcess
  readonly places: Places
  readonly shaky: readonly Target[]
  readonly store: TestRedis | undefined
  readonly random: () => number
  readonly connections: number
  readonly records: Sent[]
  readonly spells: Spell[]
  /** How often each kind of thing happened. */
  readonly told: Map<string, number>
}

/** The gateway without anything to do. */
async function rest ({ gateway, places }: Stage): Promise<void> {
  gateway.write(resting(places.threads), false)
  await gateway.inForce('/heap')
}

async function begin (stage: Stage): Promise<void> {
  writeFileSync(stage.places.found, `targets: ${JSON.stringify(stage.places.well)}\n`)
  stage.gateway.write(stormy(stage.places, stage.random), false)
  await stage.gateway.inForce('/well/*')
}

function workers ({ gateway, connections, random, records }: Stage, name: string, where: readonly string[]): Worker[] {
  return Array.from(
    { length: connections },
    (_, index) => new Worker(gateway.port, `${name}${index.toString(36)}`, where, seeded(Math.floor(random() * 2 ** 32)), records)
  )
}

async function blow (stage: Stage, name: string, length: number): Promise<string[]> {
  await begin(stage)
  const load = workers(stage, name, rooms)
  const running = Promise.all(load.map(worker => worker.run()))
  try {
    await Promise.all(schedule(length, stage.places, stage.random).map(track => play(stage, track)))
  } finally {
    for (const worker of load) worker.stop()
  }
  await running
  // What an abandoned request left open ends by itself.
  let active = await stage.gateway.active()
  for (let tries = 0; active.length > 0 && tries < 100; tries++) {
    await pause(100)
    active = await stage.gateway.active()
  }
  return several('requests that are still counted after all have ended', active)
}

async function play (stage: Stage, track: readonly Scheduled[]): Promise<void> {
  for (const { after, happening } of track) {
    await pause(after)
    const name = happening.what === 'fault'
      ? happening.fault.name
      : happening.what === 'file'
        ? happening.sound ? 'file' : 'broken file'
        : happening.what === 'redis' ? `redis ${happening.how}` : happening.what
    stage.told.set(name, (stage.told.get(name) ?? 0) + 1)
    await happen(stage, happening)
  }
}

async function happen ({ gateway, shaky, store, spells, places }: Stage, happening: Happening): Promise<void> {
  switch (happening.what) {
    case 'file': gateway.write(happening.yaml, happening.inPlace); break
    case 'hangups': for (let count = 0; count < happening.count; count++) gateway.signal('SIGHUP'); break
    case 'found':
      writeFileSync(`${places.found}~`, happening.text)
      renameSync(`${places.found}~`, places.found)
      break
    case 'redis':
      if (happening.how === 'restart') await store!.kill()
      else store!.freeze()
      await pause(happening.lasts)
      if (happening.how === 'restart') await store!.restart()
      else store!.thaw()
      break
    case 'fault': {
      const { fault } = happening
      const target = shaky[happening.target]!
      const from = performance.now()
      const spell = { fault, from, set: Infinity, to: Infinity }
      spells.push(spell)
      await target.begin(fault)
      spell.set = performance.now()
      await pause(happening.lasts)
      await target.end(fault)
      spell.to = performance.now()
    }
  }
}

/** Ends the gateway under load: what it has taken on it finishes, and its status is 0. */
async function leave (stage: Stage, name: string): Promise<string[]> {
  await begin(stage)
  const before = stage.records.length
  const load = workers(stage, name, ['well', 'limited', 'capped', 'found'])
  const running = Promise.all(load.map(worker => worker.run()))
  await pause(300)
  stage.gateway.signal('SIGTERM')
  const [status, signal] = await stage.gateway.ended
  for (const worker of load) worker.stop()
  await running
  // A request that arrived at a closing listener has no response at all; no client got half of one.
  const own = stage.records.splice(before)
  stage.records.push(...own.filter(({ end, begun }) => end !== 'cut' || begun))
  return status === 0 ? [] : [`SIGTERM ended in status ${status}, signal ${signal}`]
}

function figuresOf ({ records, spells, told, gateway }: Stage, base: Size, sizes: readonly Size[]): string {
  const count = (fits: (sent: Sent) => boolean): number => records.filter(fits).length
  const took = records.filter(({ end }) => end === 'answered').map(({ at, ended }) => ended - at).toSorted((a, b) => a - b)
  const floor = count(sent => sent.end !== 'left' && mustSucceed(sent, spells))
  const counted = count(({ end }) => end !== 'left')
  const reloads = gateway.lines.filter(({ msg }) => msg === 'configuration reloaded').length
  return [
    `${records.length} requests`, `${count(({ status }) => status === 200)} ok`,
    `floor ${(100 * floor / counted).toFixed(1)} %`,
    `rate ${(100 * count(({ status }) => status === 200) / counted).toFixed(1)} %`,
    `${count(({ end }) => end === 'cut')} cut`, `${count(({ end }) => end === 'left')} left`,
    `p99 ${Math.round(took[Math.floor(took.length * 0.99)] ?? 0)} ms`,
    `${reloads} reloads`, `descriptors ${[base, ...sizes].map(({ descriptors }) => descriptors.length).join(' → ')}`,
    `heap ${[base, ...sizes].map(({ heap }) => (heap / 1e6).toFixed(1)).join(' → ')} MB`,
    [...told].map(([name, times]) => `${name} ${times}`).join(', ')
  ].join('; ')
}
