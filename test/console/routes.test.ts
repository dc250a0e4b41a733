/** The view of the routes, and of one route, in a real browser. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closeBrowser, withoutBrowser as skip } from '../helpers/browser.ts'
import { eventually } from '../helpers/eventually.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { scrape } from '../metrics/scrape.ts'
import type { TrafficReport } from '../../plugins/core/console/traffic-sampler.ts'
import { format } from './client.ts'
import { openView, rowsOf, type OpenedView } from './view.ts'

after(closeBrowser)

const yaml = (target: string): string => `
policies:
  inside: { plugin: ip-filter, allow: [127.0.0.0/8], deny: [127.0.0.9] }
  few: { plugin: rate-limiting, limit: 2/h, key: ip }
  nowhere: { plugin: ip-filter, allow: [192.0.2.0/24] }
upstreams: { orders: { targets: ["${target}"], retry: { attempts: 1 } } }
routes:
  - { path: '/orders/:id', methods: [GET, PUT], upstream: orders, policies: [inside] }
  - { name: few, path: '/few/*', respond: { text: hello }, policies: [inside, few], priority: low }
  - { path: /closed, redirect: { to: /orders/1 }, policies: [nowhere] }
`

type Rows = Record<string, string>[]

/** The table, once it says what the gateway says at that moment. */
async function settledRows ({ page }: OpenedView, admin: string, fits: (traffic: TrafficReport) => boolean): Promise<Rows> {
  let rows: Rows = []
  await eventually(async () => {
    const traffic = await (await fetch(`${admin}/traffic`)).json() as TrafficReport
    if (!fits(traffic)) return false
    rows = await rowsOf(page, 'Routes')
    return rows.every(row => {
      const { rate, errors, p50, p95, total } = traffic.routes[row['Route']!.split(/\s/)[0]!]!
      const { figure, milliseconds, percent } = format
      const failed = Object.values(errors).reduce((sum, one) => sum + one)
      const share = rate === 0 ? '–' : percent(Math.min(1, failed / rate))
      const said = [row['Rate'], row['Errors']!.split('\n').at(-1), row['Median'], row['95th'], row['Limited'], row['Refused']]
      const meant = [`${figure(rate)}/s`, share, milliseconds(p50), milliseconds(p95), figure(total.limited), figure(total.refused)]
      return JSON.stringify(said) === JSON.stringify(meant)
    })
  })
  return rows
}

for (const threads of [1, 2]) {
  test(`it shows what each route does, as the gateway counts it, with ${threads} thread(s)`, { skip }, async t => {
    const target = await startTarget(t, (request, response) => { response.writeHead(request.url === '/orders/bad' ? 500 : 200).end() })
    const server = `server: { host: 127.0.0.1, port: 0, threads: ${threads} }\n`
    const { admin, url } = await startGateway(t, server + yaml(target.url), { threaded: true })
    const view = await openView(t, admin, 'routes')
    const { page } = view
    await page.getByText('3 routes').waitFor()
    for (const path of ['/orders/1', '/orders/2', '/orders/3', '/orders/bad', '/few/1', '/few/1', '/few/1', '/closed', '/none']) {
      await fetch(url + path)
    }
    const rows = await settledRows(view, admin, ({ routes }) => routes['(none)']!.total.requests === 1)
    const metrics = await scrape(admin)
    const errors = metrics.value('gateway_errors_total', {
      code: 'rate-limited', fault: 'client', route: 'few', upstream: '(none)', policy: 'few'
    })
    const known = rows.map(row => [row['Route']!.split(/\s/)[0]!, row['Served by'], row['Policies']])
    assert.deepEqual(known.at(-1), ['(none)', 'no route', '–'])
    assert.deepEqual(Object.fromEntries(known.map(([name, ...others]) => [name, others])), {
      '/orders/:id': ['orders', 'inside'],
      few: ['responds 200', 'inside few'],
      '/closed': ['redirects to /orders/1', 'nowhere'],
      '(none)': ['no route', '–']
    })
    const row = (name: string) => rows.find(one => one['Route']!.startsWith(name))!
    assert.match(row('/orders/:id')['Errors']!, /^▲ upstream\n|^–$/)
    assert.deepEqual([row('few')['Limited'], row('/closed')['Refused'], errors], ['1', '1', 1])
    assert.match(row('few')['Route']!, /low priority\s+\/few\/\*$/)
    if (threads === 1) await view.isSound()
  })
}

test('routes are filtered and sorted by keyboard, and a link has both', { skip }, async t => {
  const { admin } = await startGateway(t, yaml('http://127.0.0.1:1'))
  const { page } = await openView(t, admin, 'routes?filter=inside&sort=-route')
  const names = async (): Promise<string[]> => (await rowsOf(page, 'Routes')).map(row => row['Route']!.split(/\s/)[0]!)
  await page.getByText('2 of 3 routes').waitFor()
  assert.deepEqual(await names(), ['few', '/orders/:id'])
  await page.getByLabel('Path, method, upstream or policy').fill('')
  await page.getByText('3 routes', { exact: true }).waitFor()
  assert.deepEqual(await names(), ['few', '/orders/:id', '/closed', '(none)'])
  await page.getByRole('button', { name: 'Route' }).focus()
  await page.keyboard.press('Enter')
  assert.deepEqual(await names(), ['/closed', '/orders/:id', 'few', '(none)'])
  await page.getByLabel('Path, method, upstream or policy').fill('PUT orders')
  await page.getByText('1 of 3 routes').waitFor()
  await page.getByLabel('Path, method, upstream or policy').fill('nothing')
  await page.getByText('No route fits the filter.').waitFor()
})

test('the page of a route has its place, its configuration, what its policies reject, and failures by reason', { skip }, async t => {
  const target = await startTarget(t, (request, response) => { response.writeHead(request.url === '/orders/bad' ? 500 : 200).end() })
  const { admin, url } = await startGateway(t, yaml(target.url))
  for (let times = 0; times < 4; times++) await fetch(`${url}/few/1`)
  const { page, isSound } = await openView(t, admin, 'routes')
  await page.getByRole('link', { name: 'few', exact: true }).click()
  await page.getByRole('heading', { name: /Routes.*few/ }).waitFor()
  const [{ place }] = await (await fetch(`${admin}/routes?name=few`)).json() as [{ place: string }]
  await page.getByText(place, { exact: true }).waitFor()
  assert.match(await page.getByRole('group', { name: /^The route as it would be written/ }).innerText(), /^routes:\s+- path: \/few\/\*/)
  const [reason, ...others] = await rowsOf(page, 'Rejected and failed requests by reason')
  assert.deepEqual([reason!['Reason'], reason!['Fault'], reason!['Requests']], ['rate-limited', 'client, rejected by few', '2'])
  assert.equal(others.length, 0)
  const policies = (await rowsOf(page, 'Policies in running order')).map(row => [row['Policy'], row['Limited'], row['Refused']])
  assert.deepEqual(policies, [['1. inside', '0', '0'], ['2. few', '2', '0']])
  const last = await rowsOf(page, 'Last requests')
  assert.deepEqual(last.map(row => row['Status']), ['▲ 429 rate-limited', '▲ 429 rate-limited', '● 200', '● 200'])
  const tiles = await page.getByLabel('Figures of the last ten seconds').innerText()
  const report = await (await fetch(`${admin}/traffic`)).json() as TrafficReport
  assert.match(tiles, new RegExp(`${report.routes['few']!.total.requests} in all[^]*Limited\\s+2`))
  const hrefs = await page.getByRole('main').getByRole('link').evaluateAll(links => links.map(link => String(link)))
  for (const end of ['#/requests?route=few&reason=rate-limited', '#/explain?method=GET&url=%2Ffew%2F1', '#/limits?filter=few']) {
    assert.ok(hrefs.includes(`${admin}/${end}`), end)
  }
  await isSound()
})

test('routes whose names have slashes, colons and stars have pages, and what there is not is said in words', { skip }, async t => {
  const { admin, url, write } = await startGateway(t, yaml('http://127.0.0.1:1'))
  await fetch(`${url}/orders/7`)
  await fetch(`${url}/orders/7/8`)
  const { page } = await openView(t, admin, 'routes')
  await page.getByRole('link', { name: '/orders/:id' }).click()
  await page.getByRole('link', { name: 'connection-refused' }).waitFor()
  await page.getByRole('heading').getByRole('link', { name: 'Routes' }).click()
  await page.getByRole('link', { name: '(none)' }).click()
  await page.getByRole('link', { name: 'not-found' }).waitFor()
  await page.goto(`${admin}/#/routes/%2Fnew%2F*`)
  await page.getByText('The configuration has no route with this name.').waitFor()
  const [one, other] = ['PUT', 'GET'].map(method => `{ path: '/new/*', methods: [${method}], respond: {} }`)
  write(`console: { requests: 0 }\nroutes: [${one}, ${other}]`)
  await fetch(`${admin}/reload`, { method: 'POST' })
  await page.getByText('2 routes have this name').waitFor()
  await page.getByText('Requests of this route pass no policy.').waitFor()
  await page.getByText('The gateway keeps no requests').waitFor()
})

test('a reload that adds a route shows it without a reload of the page', { skip }, async t => {
  const { admin, write } = await startGateway(t, 'routes: [{ path: /old, respond: {} }]')
  const { page } = await openView(t, admin, 'routes')
  await page.getByText('1 route', { exact: true }).waitFor()
  write('routes: [{ path: /old, respond: {} }, { path: /new, respond: {} }]')
  await fetch(`${admin}/reload`, { method: 'POST' })
  await page.getByText('2 routes', { exact: true }).waitFor()
  await page.getByRole('link', { name: '/new' }).waitFor()
})
