/** What the benchmark would run: sound configurations, rows that exist, promises about rows that are there. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { contenders } from '../../bench/contenders.ts'
import { readOptions } from '../../bench/options.ts'
import type { Place } from '../../bench/place.ts'
import { resultsOf, verdictsOf } from '../../bench/report.ts'
import type { Sample } from '../../bench/sample.ts'
import { labelOf, type Front } from '../../bench/scenario.ts'
import { scenarios } from '../../bench/scenarios.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { loadConfig } from '../../src/config/load.ts'
import { certificate, privateKey } from '../health-checks/certificate.ts'

const taken: Sample = { cpu: 50, perSecond: 1, p50: 1, p99: 1, start: 1, atRest: 1, memory: 1, busy: 1, others: 0, errors: 0 }

for (const scenario of scenarios) {
  test(`${scenario.name}: rows are contenders, references and goals are rows`, () => {
    const labels = scenario.rows.map(labelOf)
    assert.equal(new Set(labels).size, labels.length)
    for (const { contender } of scenario.rows) assert.ok(contenders.has(contender), contender)
    for (const label of [...scenario.references, ...scenario.goals.flatMap(({ row, than }) => [row, than])]) {
      assert.ok(labels.includes(label), label)
    }
  })
}

for (const contender of contenders.values()) {
  if (!contender.name.startsWith('onedoor')) continue
  for (const [tls, front] of [[false], [true], [false, { tls: true }], [false, { tls: true, streams: 8 }]] as [boolean, Front?][]) {
    const title = `${tls ? ', with TLS to the target' : ''}${front === undefined ? '' : `, for clients ${JSON.stringify(front)}`}`
    test(`the configuration of ${contender.name} is sound${title}`, async t => {
      const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
      t.after(() => rmSync(folder, { recursive: true }))
      const file = join(folder, 'target.pem')
      const own = { certificate: file, key: join(folder, 'key.pem') }
      writeFileSync(file, certificate)
      writeFileSync(own.key, privateKey, { mode: 0o600 })
      const place: Place = {
        folder, port: 1, adminPort: 2, targets: [
          3,
          4
        ], http2Target: 6, own, collector: 5, certificate: tls ? file : undefined, secret: 'a-secret-of-the-benchmark-that-is-long-enough',
        load: { connections: 1, paths: ['/'], body: 0, answer: 400, tls, ...front === undefined ? {} : { front } }
      }
      for (const [name, text] of Object.entries(contender.launch(place).files ?? {})) writeFileSync(join(folder, name), text)
      const { warnings } = await loadConfig(join(folder, 'gateway.yaml'), { env: {}, rootPlugins })
      assert.deepEqual(warnings, [])
    })
  }
}

test('the command line chooses scenarios and contenders, and refuses what it does not know', () => {
  const options = readOptions(['--scenario', 'plain', '--only', 'onedoor', '--rounds', '3'])
  assert.deepEqual(options.scenarios.map(({ name }) => name), ['plain'])
  assert.deepEqual(options.scenarios[0]!.rows.filter(options.wants).map(labelOf), ['onedoor'])
  assert.equal(options.rounds, 3)
  assert.throws(() => readOptions(['--only', 'apache']), /no contender apache/)
  assert.throws(() => readOptions(['--scenario', 'fast']), /no scenario fast/)
  assert.throws(() => readOptions(['--rounds', '0']), /at least 1/)
})

test('a promise is judged by the ratio of medians', () => {
  const scenario = scenarios.find(({ name }) => name === 'plain')!
  const results = resultsOf(['reply-from', 'onedoor'].map(contender => ({
    row: { contender }, disturbed: 0, samples: (contender === 'onedoor' ? [30, 40, 90] : [50, 50, 51]).map(cpu => ({ ...taken, cpu }))
  })))
  assert.deepEqual(verdictsOf(scenario, results).map(({ ratio, met }) => [ratio, met]), [[0.8, false]])
})
