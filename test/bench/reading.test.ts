/** What the benchmark makes of the texts of Linux and wrk, and of many samples. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { costOf } from '../../bench/contention.ts'
import { readH2load } from '../../bench/h2load.ts'
import { headersOf, jsonOf, wrkScript } from '../../bench/load.ts'
import { busyTicks, processTicks, residentBytes } from '../../bench/proc.ts'
import { sizesByClass, totalBytes } from '../../bench/heap.ts'
import { selfTimes } from '../../bench/profile.ts'
import { soakScript } from '../../bench/soak-script.ts'
import { median } from '../../bench/statistics.ts'
import { table } from '../../bench/table.ts'
import { readReport } from '../../bench/wrk-report.ts'

const load = { connections: 1, paths: ['/a', '/b'], body: 0, answer: 400, tls: false }

test('processor time of a process is that of user and system, whatever its name is', () => {
  const stat = '4711 (a (strange) name) S 1 4711 4711 0 -1 4194560 3108 0 0 0 812 345 0 0 20 0 11 0 90210 1287000064 13211 ' +
    '18446744073709551615'
  assert.equal(processTicks(stat), 812 + 345)
})

test('a core is busy with everything but idling and waiting for disks', () => {
  const stat = 'cpu  20 2 20 200 20 2 2 2 0 0\ncpu0 1 2 3 400 500 6 7 8 0 0\ncpu1 10 0 10 100 10 1 1 1 0 0\nintr 5\n'
  assert.equal(busyTicks(stat, 0), 1 + 2 + 3 + 6 + 7 + 8)
  assert.equal(busyTicks(stat, 1), 23)
  assert.equal(busyTicks(stat, 2), undefined)
})

test('memory is what lies in RAM', () => {
  assert.equal(residentBytes('Name:\tnode\nVmHWM:\t  999999 kB\nVmRSS:\t  118204 kB\nThreads:\t11\n'), 118_204 * 1024)
})

const report = `Running 8s test @ http://127.0.0.1:8080
  1 threads and 64 connections
  Thread Stats   Avg      Stdev     Max   +/- Stdev
    Latency     3.11ms    1.20ms  41.08ms   92.51%
    Req/Sec    20.91k     1.36k   23.11k    79.01%
  Latency Distribution
     50%  641.00us
     75%    3.21ms
     90%    3.90ms
     99%    1.02s 
  166603 requests in 8.01s, 90.89MB read
`

test('the report of wrk says how many requests, how fast, and what went wrong', () => {
  assert.deepEqual(
    readReport(`${report}Requests/sec:  20799.37\nTransfer/sec:     11.35MB\n`),
    { requests: 166_603, seconds: 8.01, p50: 641, p99: 1_020_000, otherStatuses: 0, socketErrors: 0 }
  )
  const failing = readReport(`${report}  Socket errors: connect 1, read 2, write 3, timeout 4\n  Non-2xx or 3xx responses: 17\n`)
  assert.equal(failing.socketErrors, 10)
  assert.equal(failing.otherStatuses, 17)
  assert.throws(() => readReport('unable to connect to 127.0.0.1:1 Connection refused'), /unable to connect/)
})

test('of many samples the median counts', () => {
  assert.equal(median([9, 1, 2]), 2)
  assert.equal(median([4, 1, 2, 9]), 3)
})

test('a request has nine header fields and the body that was asked for', () => {
  const get = headersOf(load, 'a:1', 'token')
  assert.equal(Object.keys(get).length, 9)
  const script = wrkScript({ ...load, body: 1024 }, 'a:1', 'token')
  assert.ok(script.includes(jsonOf(1024).replaceAll('"', '\\"')))
  assert.match(script, /Content-Length: 1024\\r\\n/)
  assert.match(script, /"\/a\\n\/b"/)
})

test('bodies are JSON of exactly so many bytes', () => {
  for (const bytes of [400, 1024, 65_536]) {
    assert.equal(Buffer.byteLength(jsonOf(bytes)), bytes)
    assert.doesNotThrow(() => { JSON.parse(jsonOf(bytes)) })
  }
})

test('a profile shows the functions themselves, idling apart', () => {
  const frame = (functionName: string, url: string): {
    functionName: string,
    url: string,
    lineNumber: number
  } => ({ functionName, url, lineNumber: 9 })
  const slices = selfTimes({
    nodes: [
      { id: 1, callFrame: frame('(idle)', '') },
      { id: 2, callFrame: frame('send', 'file:///x/node_modules/undici/lib/core/request.js') },
      { id: 3, callFrame: frame('send', 'file:///x/node_modules/undici/lib/core/request.js') },
      { id: 4, callFrame: frame('', 'file:///x/onedoor/src/transport/reply-from-client.ts') }
    ],
    samples: [1, 2, 3, 4],
    timeDeltas: [1000, 20, 10, 10]
  }, 5)
  assert.deepEqual(slices, [
    { name: 'send', place: 'undici/lib/core/request.js:10', share: 0.75 },
    { name: '(anonymous)', place: 'src/transport/reply-from-client.ts:10', share: 0.25 }
  ])
})

test('a snapshot of the heap is summed up by class', () => {
  const sizes = sizesByClass({
    snapshot: { meta: {
      node_fields: ['type', 'name', 'id', 'self_size'],
      node_types: [['hidden', 'string', 'object'], 'string', 'number', 'number']
    } },
    nodes: [2, 0, 1, 100, 2, 0, 2, 50, 1, 1, 3, 24],
    strings: ['Exchange', 'some text']
  })
  assert.deepEqual([...sizes], [['Exchange', { bytes: 150, count: 2 }], ['(string)', { bytes: 24, count: 1 }]])
  assert.equal(totalBytes(sizes), 174)
})

test('every head of the soak is complete, or its connection would wait for ever', () => {
  const heads = soakScript('a:1', 'token').split('\n').filter(line => line.includes('HTTP/1.1'))
  assert.equal(heads.length, 5)
  for (const head of heads) assert.match(head, /\\r\\n\\r\\n'/)
})

test('a table is aligned, and Markdown', () => {
  assert.equal(table(['', 'µs'], [['nginx', '18.0'], ['x', '9']]), '|       |   µs |\n| ----- | ---: |\n| nginx | 18.0 |\n| x     |    9 |')
})

test('the report of h2load is read', () => {
  const text = `finished in 4.01s, 21345.50 req/s, 2.10MB/s
requests: 85600 total, 85632 started, 85600 done, 85590 succeeded, 10 failed, 10 errored, 0 timeout
status codes: 85590 2xx, 0 3xx, 0 4xx, 10 5xx
`
  const { requests, seconds, otherStatuses, socketErrors } = readH2load(text)
  assert.deepEqual([requests, seconds, otherStatuses, socketErrors], [85_600, 4.01, 10, 10])
  assert.throws(() => readH2load('nothing'), /has not said/)
})

test('threads wait for a lock the more the longer it is held, and never do more together than it allows', () => {
  const cost = (threads: number, held: number): number => costOf(threads, { cost: 60, held })
  assert.equal(cost(1, 2), 60)
  assert.ok(cost(4, 2) > 60 && cost(4, 2) < 61)
  assert.ok(cost(16, 4) > cost(16, 2))
  assert.ok(Math.abs(cost(64, 3) / 64 - 3) < 0.01)
})
