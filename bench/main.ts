/** `npm run bench`: Onedoor beside other proxies, in one run. See README.md in this folder for the method. */

import { execFileSync } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { absence, contenders, onPath } from './contenders.ts'
import { peersFolder } from './contenders/peers.ts'
import { machine } from './machine.ts'
import { readOptions, usage, type Options } from './options.ts'
import { selfTimes } from './profile.ts'
import { resultsOf, verdictsOf, write, type Result, type GoalResult } from './report.ts'
import { measure } from './rounds.ts'
import { sample, type Method } from './sample.ts'
import { labelOf, type Row, type Scenario } from './scenario.ts'
import { Surroundings } from './surroundings.ts'
import { table } from './table.ts'

/** Functions that a profile shows. */
const shown = 40

const say = (line: string): void => { process.stderr.write(`${line}\n`) }

if (process.argv.includes('--help')) process.stdout.write(usage)
else await main()

async function main (): Promise<void> {
  const options = readOptions(process.argv.slice(2))
  for (const program of ['wrk', 'taskset']) if (!onPath(program)) throw new Error(`${program} is needed and not installed`)
  if (availableParallelism() < 2) throw new Error('two cores are needed, one for the proxy and one for the load')
  const method: Method = { proxyCore: 0, loadCore: 1, warmUp: options.warmUp, window: options.window }
  const wanted = options.scenarios
    .map(scenario => ({ scenario, rows: scenario.rows.filter(options.wants) }))
    .filter(({ rows }) => rows.length > 0)
  if (wanted.some(({ rows }) => rows.some(needsPeers))) installPeers()
  const missing = new Set(wanted.flatMap(({ rows }) => rows).filter(row => absence(contenders.get(row.contender)!) !== undefined))
  for (const name of new Set([...missing].map(row => row.contender))) say(`without ${name}: ${absence(contenders.get(name)!)}`)
  const facts = machine()
  console.log(`${Object.entries(facts).map(([name, version]) => name === 'machine' ? version : `${name} ${version}`).join(', ')}\n`)
  const found: { scenario: string, results: readonly Result[], goals: readonly GoalResult[] }[] = []
  for (const { scenario, rows } of wanted) {
    const present = rows.filter(row => !missing.has(row))
    if (options.profile) {
      await profile(scenario, present, method)
      continue
    }
    const results = resultsOf(await measure(scenario, present, contenders, method, options.rounds, say))
    console.log(write(scenario, results))
    found.push({ scenario: scenario.name, results, goals: verdictsOf(scenario, results) })
    // After each one: a run takes hours, and what is there must not be lost with the rest.
    if (options.json !== undefined) save(options, options.json, facts, found)
  }
}

function save (options: Options, file: string, facts: Readonly<Record<string, string>>, found: readonly unknown[]): void {
  const { rounds, warmUp, window } = options
  writeFileSync(file, `${JSON.stringify({ versions: facts, method: { rounds, warmUp, window }, scenarios: found }, null, 2)}\n`)
}

async function profile (scenario: Scenario, rows: readonly Row[], method: Method): Promise<void> {
  const around = await Surroundings.open(scenario.load, method.loadCore)
  try {
    for (const row of rows) {
      const contender = contenders.get(row.contender)!
      if (contender.node !== true) continue
      const taken = await sample(contender, { ...scenario.load, ...row.load }, around, method, true)
      const slices = selfTimes(taken.profile!, shown).map(({ name, place, share }) => [name, `${(share * 100).toFixed(1)} %`, place])
      const profiled = table(['function', 'self', 'where'], slices)
      console.log(`### ${scenario.name}, ${labelOf(row)}\n\n${taken.cpu.toFixed(1)} µs CPU a request while profiled\n\n${profiled}\n`)
    }
  } finally {
    await around.close()
  }
}

function needsPeers (row: Row): boolean {
  return contenders.get(row.contender)!.peer === true
}

/** The packages of others are fetched when they are asked for, and never by `npm ci` of the gateway. */
function installPeers (): void {
  if (existsSync(join(peersFolder, 'node_modules', '.package-lock.json'))) return
  say('installing the packages of bench/peers')
  execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--ignore-scripts'], { cwd: peersFolder, stdio: ['ignore', 'ignore', 'inherit'] })
}
