/** The view of the requests, and the story of one, in a real browser. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { RequestView } from '../../plugins/core/console/requests-view.ts'
import { closeBrowser, withoutBrowser as skip } from '../helpers/browser.ts'
import { send } from '../helpers/client.ts'
import { eventually } from '../helpers/eventually.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'
import { openView, rowsOf } from './view.ts'

after(closeBrowser)

/** The requests that are kept, once there are as many as expected. */
async function kept (admin: string, expected: number, query = ''): Promise<readonly RequestView[]> {
  let requests: readonly RequestView[] = []
  await eventually(async () => {
    requests = (await (await fetch(`${admin}/requests${query}`)).json() as { requests: readonly RequestView[] }).requests
    return requests.length === expected
  })
  return requests
}

/** The first cells of a row as the route tells them. */
function expectedRow ({ method, path, status, reason = '', policy, route = 'none', target = '', clientIp }: RequestView): string[] {
  const state = `${status >= 500 ? '■' : status >= 400 ? '▲' : '●'} ${status}`
  return [`${method} ${path}`, state, policy === undefined ? reason : `${reason} by ${policy}`, route, target.slice(7), clientIp!]
}

const caption = 'Last requests'

const yaml = (target: string, threads = 1): string => `
server: { host: 127.0.0.1, port: 0, threads: ${threads} }
upstreams: { users: { targets: ["${target}"] } }
policies: { inside: { plugin: ip-filter, allow: [10.0.0.0/8] } }
routes: [{ path: /u/*, upstream: users, name: users }, { path: /private, respond: {}, policies: [inside] }]
`

/** Sends a request to each path, in this order; their ids are `r-0` and so on. */
async function sendAll (url: string, ...paths: string[]): Promise<void> {
  for (const [at, path] of paths.entries()) await send(url, path, { headers: { 'x-request-id': `r-${at}` } })
}

/** The cells of the list that {@link expectedRow} tells. */
async function shown (page: Page): Promise<string[][]> {
  const titles = ['Request', 'Status', 'Reason', 'Route', 'Target', 'Client']
  return (await rowsOf(page, caption)).map(row => titles.map(title => row[title]!))
}

for (const threads of [1, 2]) {
  test(`the list shows what GET /requests says, live, with ${threads} thread(s)`, { skip }, async t => {
    const target = await startTarget(t)
    const { admin, url } = await startGateway(t, yaml(target.url, threads), { threaded: true })
    const { page, isSound } = await openView(t, admin, 'requests')
    await page.getByText('No request has ended yet.').waitFor()
    await sendAll(url, '/u/1', '/private', '/nowhere', '/u/2')
    const all = await kept(admin, 4)
    await page.getByRole('row').nth(4).waitFor()
    assert.deepEqual(await shown(page), all.map(expectedRow))
    const seen = (await rowsOf(page, caption)).map(({ Thread }) => Thread)
    assert.deepEqual(seen, all.map(({ thread }) => thread === undefined ? undefined : String(thread)))
    if (threads === 1) await isSound()
  })
}

test('filters find what GET /requests finds, are completed, and are in the URL', { skip }, async t => {
  const target = await startTarget(t)
  const { admin, url } = await startGateway(t, yaml(target.url))
  await sendAll(url, '/u/1', '/private', '/nowhere', '/u/2')
  await kept(admin, 4)
  const { page } = await openView(t, admin, 'requests?status=4', /400/)
  await page.getByText('The newest 2 requests').waitFor()
  assert.deepEqual(await shown(page), (await kept(admin, 2, '?status=4xx')).map(expectedRow))
  await page.getByLabel('Reason').fill('forb')
  await page.getByText('The newest 1 request;').waitFor()
  assert.deepEqual((await shown(page))[0]!.slice(0, 3), ['GET /private', '▲ 403', 'forbidden by inside'])
  await page.getByLabel('Status').fill('9')
  await page.getByRole('alert').getByText('`status` must be a status such as 500').waitFor()
  await page.getByLabel('Status').fill('')
  await page.getByLabel('Reason').fill('')
  await page.getByLabel('Route').fill('user')
  await page.getByText('The newest 2 requests').waitFor()
  await page.getByLabel('Id', { exact: true }).fill('r-3')
  await page.getByText('The newest 1 request;').waitFor()
  assert.match(page.url(), /#\/requests\?route=user&id=r-3$/)
})

test('the list can be held, and is while the keyboard is at a row', { skip }, async t => {
  const target = await startTarget(t)
  const { admin, url } = await startGateway(t, yaml(target.url))
  await sendAll(url, '/u/1')
  const { page } = await openView(t, admin, 'requests')
  await page.getByRole('link', { name: 'GET /u/1' }).waitFor()
  await page.getByRole('button', { name: 'Hold' }).click()
  await page.getByText('◆ held', { exact: true }).waitFor()
  await sendAll(url, '/u/2', '/u/3')
  await kept(admin, 3)
  assert.deepEqual((await shown(page)).map(([request]) => request), ['GET /u/1'])
  await page.getByRole('button', { name: 'Go on' }).click()
  await page.getByRole('link', { name: 'GET /u/3' }).focus()
  await page.getByText('held while you are at a row').waitFor()
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: '200 GET /u/3' }).waitFor()
})

test('the story of a request that was retried: sentences, a waterfall, attempts, its trace', { skip }, async t => {
  const [dead, alive] = [await startTarget(t), await startTarget(t)]
  const { url, admin } = await startGateway(t, `
console: { traceUrl: "https://jaeger.example/trace/{traceId}" }
upstreams: { users: { targets: ["${dead.url}", "${alive.url}"], balance: round-robin, retry: { attempts: 2, backoff: { base: 5ms } } } }
routes: [{ path: /*, upstream: users }]
`)
  await dead.close()
  const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'
  for (const id of ['one/x', 'two']) await send(url, '/a', { headers: { 'x-request-id': id, traceparent } })
  const { id } = (await kept(admin, 2)).find(({ attempts }) => attempts.length === 2)!
  const response = await fetch(`${admin}/requests/${encodeURIComponent(id)}`)
  const story = await response.json() as { words: string[], spans: unknown[] }
  const { page, isSound } = await openView(t, admin, `requests/${encodeURIComponent(id)}`)
  await page.getByRole('heading', { name: '200 GET /a' }).waitFor()
  const told = page.getByRole('region', { name: '200 GET /a' })
  assert.deepEqual(await told.getByRole('listitem').allInnerTexts(), story.words)
  const parts = await rowsOf(page, 'Parts of the request')
  assert.equal(parts.length, story.spans.length)
  const names = parts.map(({ Part }) => Part!).filter(name => !/^(?:Pause|After)/.test(name))
  assert.deepEqual(names, [
    'Whole request', 'Before the first attempt', `Attempt 1 at ${dead.url.slice(7)}`, `Attempt 2 at ${alive.url.slice(7)}`,
    'Send the request', 'Wait for the response', 'Receive the response'
  ])
  const attempts = await rowsOf(page, 'Attempts')
  assert.deepEqual(attempts.map(({ Target, Kind, Result }) => [Target, Kind, Result]), [
    [dead.url.slice(7), 'first', '■ connection-refused'], [alive.url.slice(7), 'retry', '● 200']
  ])
  const trace = page.getByRole('link', { name: 'Open its trace' })
  const attributes = await Promise.all(['href', 'rel', 'target'].map(async name => await trace.getAttribute(name)))
  assert.deepEqual(attributes, ['https://jaeger.example/trace/4bf92f3577b34da6a3ce929d0e0e4736', 'noreferrer', '_blank'])
  const explain = await page.getByRole('link', { name: 'Explain this request' }).getAttribute('href')
  assert.equal(explain, '#/explain?method=GET&url=%2Fa&ip=127.0.0.1')
  await isSound()
})

test('the story of a request that was refused: by which policy, which it had passed, and what the reason means', { skip }, async t => {
  const { url, admin } = await startGateway(t, `
policies:
  inside: { plugin: ip-filter, allow: [127.0.0.1] }
  few: { plugin: rate-limiting, limit: 1/h, key: ip }
  login: { plugin: api-key, keys: [] }
routes: [{ path: /*, respond: {}, policies: [inside, few, login] }]
`)
  for (const id of ['first', 'second']) await send(url, '/a', { headers: { 'x-request-id': id } })
  await kept(admin, 2)
  const { page, isSound } = await openView(t, admin, 'requests/second')
  await page.getByText('The client used up a limit; Retry-After says when to come back.').waitFor()
  assert.deepEqual((await rowsOf(page, 'Policies')).map(Object.values), [
    ['inside', 'ip-filter', '● passed'], ['few', 'rate-limiting', '▲ refused it'], ['login', 'api-key', '○ after the refusal']
  ])
  await page.getByText('The policy few refused it: rate-limited.').waitFor()
  assert.equal(await page.getByRole('table', { name: 'Attempts' }).count(), 0)
  await isSound()
})

test('a request that is gone, and a thread that is silent, are told in words', { skip }, async t => {
  const { url, admin } = await startGateway(t, 'routes: [{ path: /, respond: {} }]')
  await send(url, '/')
  await kept(admin, 1)
  const { page, isSound } = await openView(t, admin, 'requests/gone', /404/)
  await page.getByText('The gateway keeps no request with this id.').waitFor()
  await isSound()
  await page.route('**/requests?*', async route => {
    const response = await route.fetch()
    await route.fulfill({ response, json: { ...await response.json() as object, silentThreads: [1, 2] } })
  })
  await page.getByRole('link', { name: 'Show those that are kept' }).click()
  await page.getByText('Threads 1, 2 did not respond within a second: their requests are missing here.').waitFor()
})

test('where no requests are kept, the key that keeps them is told', { skip }, async t => {
  const { admin, write } = await startGateway(t, 'console: { requests: 0 }\nroutes: [{ path: /, respond: {} }]')
  const { page, isSound } = await openView(t, admin, 'requests', /404/)
  await page.getByText('console.requests: 0').waitFor()
  await isSound()
  write('routes: [{ path: /, respond: {} }]')
  await fetch(`${admin}/reload`, { method: 'POST' })
  await page.getByText('No request has ended yet.').waitFor()
})
