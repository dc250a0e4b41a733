/** The dashboard, the alerts and the scrape configuration, read by a real Prometheus that scrapes a real gateway. */

import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { load } from 'js-yaml'
import { mint } from '../../plugins/policies/jwt-auth/mint.ts'
import { certificate } from '../health-checks/certificate.ts'
import { startGateway } from '../helpers/gateway.ts'
import { promtool, startPrometheus } from '../helpers/prometheus.ts'
import { startTarget } from '../helpers/target.ts'

const deploy = new URL('../../deploy/', import.meta.url)
const read = (path: string): string => readFileSync(new URL(path, deploy), 'utf8')

interface Panel { readonly title: string, readonly targets?: readonly { readonly expr: string }[] }
interface Rule { readonly alert: string, readonly expr: string, readonly annotations: { readonly summary: string } }

const dashboard = JSON.parse(read('grafana/dashboards/onedoor.json')) as {
  panels: readonly Panel[],
  annotations: { list: readonly { expr: string }[] },
  templating: { list: readonly { name: string, type: string, query: string | { query: string } }[] }
}
const alerts = (load(read('prometheus/alerts.yml')) as {
  groups: readonly { rules: readonly Rule[] }[]
}).groups.flatMap(({ rules }) => rules)
const queries = dashboard.panels.flatMap(({
  title,
  targets = []
}) => targets.map(({ expr }) => ({ title, query: filled(expr) })))

/** A query as Grafana sends it with all values of its variables chosen. */
function filled (expr: string): string {
  return expr.replaceAll('$__rate_interval', '1m').replaceAll('$service', '.*').replaceAll('$instance', '.*')
}

const secret = 'a-secret-for-tests-with-enough-bytes-in-it'
const yaml = (target: string): string => `
server: { host: 127.0.0.1, port: 0, threads: 2 }
logging: { level: fatal }
upstreams:
  users:
    targets: ["${target}"]
    circuitBreaker: { failures: 3 }
    healthChecks: { passive: {} }
    tls: { ca: ${JSON.stringify(certificate)} }
    retry: { attempts: 2, on: [503] }
policies:
  limit: { plugin: rate-limiting, limit: 20/h }
  login: { plugin: jwt-auth, secret: ${secret}, algorithms: [HS256] }
routes:
  - { path: /users/*, upstream: users, policies: [limit] }
  - { path: /mine/*, upstream: users, policies: [login] }
`
const traceId = '0af7651916cd43dd8448eb211c80319c'

test('a real Prometheus scrapes the gateway, evaluates every query of the dashboard and the alerts, and keeps the exemplars', async t => {
  const target = await startTarget(t, (request, response) => { response.writeHead(request.url!.endsWith('/ill') ? 503 : 200).end() })
  const { url, admin } = await startGateway(t, yaml(target.url), { threaded: true })
  const traffic = async (): Promise<void> => {
    for (let i = 0; i < 12; i++) {
      await (await fetch(`${url}/users/${i}`, { headers: { traceparent: `00-${traceId}-b7ad6b7169203331-01` } })).text()
    }
    await (await fetch(
      `${url}/mine/1`,
      { headers: { authorization: `Bearer ${mint({ secret }, { sub: 'ada', expiresIn: 60_000, now: Date.now() })}` } }
    )).text()
    for (const path of ['/mine/1', '/nowhere', '/users/ill', '/users/ill']) await (await fetch(url + path)).text()
  }
  await traffic()
  const prometheus = await startPrometheus(t, `
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs: [{ job_name: onedoor, static_configs: [{ targets: ["${new URL(admin).host}"] }] }]`)
  await prometheus.until('up{job="onedoor"} == 1')
  await traffic()
  await prometheus.until('count_over_time(gateway_requests_total{status="404"}[1m]) > 3')

  const empty: string[] = []
  for (const { title, query } of queries) if ((await prometheus.query(query)).length === 0) empty.push(title)
  // What this gateway has not met: bytes that are no request, overload, more series than it may have; and maybe no
  // garbage was collected yet.
  assert.deepEqual(
    empty.filter(title => title !== 'Garbage collection'),
    ['Refused before it became a request', 'Overload', 'Series beyond the bound']
  )
  for (const { expr } of dashboard.annotations.list) await prometheus.query(filled(expr))
  for (const { expr } of alerts) await prometheus.query(expr)
  assert.deepEqual((await prometheus.query('sum(gateway_requests_total{route="/users/*",status="429"}) > 0')).length, 1)

  const found = await prometheus.exemplars('gateway_request_duration_seconds_bucket')
  assert.ok(found.some(({ exemplars }) => exemplars.some(({ labels }) => labels['trace_id'] === traceId)))
  const series = (await prometheus.query('count({job="onedoor"})'))[0]!.value[1]
  t.diagnostic(`${queries.length} queries of the dashboard and ${alerts.length} of the alerts answered; ${series} series`)
})

test('every metric that dashboard and alerts name exists', async t => {
  const target = await startTarget(t)
  const { admin } = await startGateway(t, yaml(target.url))
  const registered = new Set([
    ...read('../docs/reference/metrics.md').matchAll(/^- `(gateway_[a-z_]+)/gm),
    ...(await (await fetch(`${admin}/metrics`)).text()).matchAll(/^# TYPE (\S+)/gm)
  ].map(([, name]) => name!))
  const texts = [
    ...queries.map(({ query }) => query),
    ...alerts.map(({ expr }) => expr),
    ...dashboard.annotations.list.map(({ expr }) => expr),
    ...dashboard.templating.list.map(({ query }) => typeof query === 'string' ? '' : query.query)
  ]
  const named = texts.flatMap(text => [...text.matchAll(/\b(?:gateway|http|nodejs|process)_[a-z0-9_]+/g)].map(([name]) => name))
  assert.ok(named.length > 50)
  assert.deepEqual(named.filter(name => !registered.has(name) && !registered.has(name.replace(/_(?:bucket|sum|count)$/, ''))), [])
})

test('the dashboard can be imported into any Grafana: the data source and the gateways are chosen there', () => {
  const { list } = dashboard.templating
  assert.deepEqual(list.map(({ name, type }) => [name, type]), [['datasource', 'datasource'], ['instance', 'query'], ['service', 'query']])
  const uids = new Set([...read('grafana/dashboards/onedoor.json').matchAll(/"uid": "([^"]*)"/g)].map(([, uid]) => uid))
  assert.deepEqual(uids, new Set(['onedoor', '${datasource}']))
  for (const { title, targets = [] } of dashboard.panels) {
    for (const { expr } of targets) {
      const selectors = [...expr.matchAll(/\b(?:gateway|http|nodejs|process)_[a-z0-9_]+(\{[^}]*\})?/g)].map(([, labels]) => labels)
      for (const labels of selectors) assert.ok(labels?.includes('instance=~"$instance"'), `${title}: ${expr}`)
    }
  }
})

test('promtool finds nothing wrong with rules and scrape configuration', t => {
  assert.match(
    promtool(['check', 'rules', fileURLToPath(new URL('prometheus/alerts.yml', deploy))]),
    new RegExp(`SUCCESS: ${alerts.length} rules found`)
  )
  const folder = mkdtempSync(join(tmpdir(), 'prometheus-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  writeFileSync(join(folder, 'alerts.yml'), read('prometheus/alerts.yml'))
  writeFileSync(join(folder, 'prometheus.yml'), read('prometheus/prometheus.yml'))
  // As the comment in the file says.
  assert.match(promtool(['check', 'config', '--syntax-only', join(folder, 'prometheus.yml')]), /SUCCESS: .*prometheus\.yml is valid/)
})

test('promtool finds nothing wrong with the metrics of the gateway, whatever their naming', async t => {
  const target = await startTarget(t)
  const { url, admin } = await startGateway(t, `metrics: { naming: both }\n${yaml(target.url)}`, { threaded: true })
  for (const path of ['/users/1', '/mine/1', '/nowhere']) await (await fetch(url + path)).text()
  let text = ''
  // Threads write their figures once a second.
  while (!text.includes('gateway_thread_heap_bytes{')) text = await (await fetch(`${admin}/metrics`)).text()
  // Those of Node come from the Prometheus client, names and all.
  assert.equal(
    promtool(['check', 'metrics'], text.split('\n\n').filter(family => !/^# HELP (nodejs|process)_/.test(family)).join('\n\n') + '\n'),
    ''
  )
})
