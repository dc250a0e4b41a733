/** The console in a real browser: the shell around the views, and the overview. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { barriersOf, closeBrowser, openPage, withoutBrowser } from '../helpers/browser.ts'
import { eventually } from '../helpers/eventually.ts'
import { startGateway } from '../helpers/gateway.ts'
import { format } from './client.ts'

after(closeBrowser)

const yaml = `
upstreams: { orders: { targets: [http://127.0.0.1:1], circuitBreaker: { failures: 1 } } }
routes: [{ path: /, respond: { text: hello } }, { path: /orders, upstream: orders }]
`
const skip = withoutBrowser

interface Traffic {
  readonly totals: readonly { readonly requests: number }[]
  readonly routes: Readonly<Record<string, { readonly total: { readonly requests: number } }>>
}

/** Whether there is a session is asked first; before there are any, and before a login, the browser notes the status of the response. */
const isAnswer = (complaint: string): boolean => /status of (?:401|404|429) .*\/(?:session|login)\)$/.test(complaint)

for (const threads of [1, 2]) {
  test(`the overview has the figures of the gateway and what is wrong, with ${threads} thread(s)`, { skip }, async t => {
    const server = `server: { host: 127.0.0.1, port: 0, threads: ${threads} }\n`
    const { admin, url } = await startGateway(t, server + yaml, { threaded: true })
    const { page, complaints, requested } = await openPage(t, `${admin}/`)
    await page.getByText('Nothing is wrong.').waitFor()
    await page.locator('header').getByText('serving').waitFor()
    await fetch(`${url}/orders`)
    await page.getByText(/orders: 0 of 1 target open; breaker of :1 opened/).waitFor()
    const tile = (name: string): Promise<string> => page.locator('.tiles div', { hasText: name }).locator('.value').innerText()
    assert.equal(await tile('Generation'), '1')
    assert.equal(await tile('Threads'), String(threads))
    // A failure of an upstream that the lines show too, in words for those who do not see them.
    await page.getByRole('img', { name: /^Requests in the last five minutes\. requests: .+ now, from .+ to (?:0\.)?[1-9]/ }).waitFor()
    await page.getByRole('img', { name: /^Errors .+ upstream: .+ to (?:0\.)?[1-9]/ }).waitFor()
    assert.deepEqual(complaints.filter(complaint => !isAnswer(complaint)), [])
    assert.deepEqual(requested.filter(asked => !asked.startsWith(`${admin}/`)), [])
  })
}

test('the figures are those of the routes and of the metrics', { skip }, async t => {
  const { admin, url } = await startGateway(t, yaml)
  const { page } = await openPage(t, `${admin}/`)
  const traffic = async (): Promise<Traffic> => await (await fetch(`${admin}/traffic`)).json() as Traffic
  await page.getByText('Nothing is wrong.').waitFor()
  await eventually(async () => (await traffic()).totals.length > 0)
  for (let request = 0; request < 20; request++) await (await fetch(url)).text()
  await eventually(async () => (await traffic()).routes['/']?.total.requests === 20)
  const { totals } = await traffic()
  const most = format.figure(Math.max(...totals.map(({ requests }) => requests))).replace('.', '\\.')
  await page.getByRole('img', { name: new RegExp(`^Requests in the last five minutes.* to ${most}\\.$`) }).waitFor()
  const metrics = await (await fetch(`${admin}/metrics`)).text()
  assert.match(metrics, /^http_request_duration_seconds_count\{.*route="\/".*\} 20$/m)
})

test('it has no barriers, light and dark, wide and narrow', { skip }, async t => {
  const { admin, url } = await startGateway(t, yaml)
  const { page } = await openPage(t, `${admin}/`, { colorScheme: 'light' })
  await page.getByText('Nothing is wrong.').waitFor()
  await fetch(`${url}/orders`)
  await page.getByText(/0 of 1 target open/).waitFor()
  assert.deepEqual(await barriersOf(page), [])
  await page.emulateMedia({ colorScheme: 'dark' })
  await page.setViewportSize({ width: 360, height: 800 })
  assert.deepEqual(await barriersOf(page), [])
  assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360)
})

test('a problem that somebody wants so stands in its line, as the others do', { skip }, async t => {
  const { admin } = await startGateway(t, yaml)
  await fetch(`${admin}/upstreams/orders/drain?target=http://127.0.0.1:1&force=true`, { method: 'POST' })
  const { page } = await openPage(t, `${admin}/`)
  const problem = page.getByRole('listitem').filter({ hasText: /drained/ })
  const [line, word] = await Promise.all([problem, problem.locator('.state')].map(async element => await element.boundingBox()))
  assert.ok(word!.y >= line!.y && word!.y + word!.height <= line!.y + line!.height)
})

test('figures that are old say so, and become new when the gateway is back', { skip }, async t => {
  const first = await startGateway(t, yaml)
  const { page } = await openPage(t, `${first.admin}/`)
  await page.getByText('Nothing is wrong.').waitFor()
  await first.gateway.close(0)
  await page.getByText('No connection to the gateway; trying again.').waitFor()
  await page.getByText(/The data is \d+ seconds old/).waitFor()
  const port = new URL(first.admin).port
  await startGateway(t, `admin: { port: ${port} }\n${yaml}`)
  await page.locator('header').getByText('serving').waitFor()
  await page.getByText('No connection').waitFor({ state: 'detached' })
})

test('the keyboard jumps over the navigation', { skip }, async t => {
  const { admin } = await startGateway(t, yaml)
  const { page } = await openPage(t, `${admin}/`)
  await page.getByText('Nothing is wrong.').waitFor()
  await page.keyboard.press('Tab')
  await page.keyboard.press('Enter')
  assert.equal(await page.evaluate('document.activeElement.id'), 'main')
})

test('whoever has no token gets a form that asks for it, and no figures; with the token they come', { skip }, async t => {
  const tokens = 'admin: { port: 0, token: a-token-of-some-length, viewToken: another-token-of-length }\n'
  const { admin } = await startGateway(t, tokens + yaml)
  const { page, complaints } = await openPage(t, `${admin}/`)
  const field = page.getByLabel('Token of the admin listener')
  await field.waitFor()
  assert.deepEqual(await barriersOf(page), [])
  assert.equal(await page.getByText('Overview').count(), 0)
  await field.fill('wrong')
  await page.keyboard.press('Enter')
  await page.getByText('This is not the token.').waitFor()
  await field.fill('another-token-of-length')
  await page.keyboard.press('Enter')
  await page.getByText('Nothing is wrong.').waitFor()
  await page.getByText('may look').waitFor()
  const [cookie] = await page.context().cookies()
  assert.deepEqual([cookie!.httpOnly, cookie!.sameSite], [true, 'Strict'])
  await page.getByRole('button', { name: 'Log out' }).click()
  await field.waitFor()
  assert.equal(await page.getByText('Nothing is wrong.').count(), 0)
  assert.deepEqual(complaints.filter(complaint => !isAnswer(complaint)), [])
})

test('whoever may operate sees that, and is asked again when the session has ended', { skip }, async t => {
  const { admin, write } = await startGateway(t, `admin: { port: 0, token: a-token-of-some-length }\n${yaml}`)
  const { page } = await openPage(t, `${admin}/`)
  await page.getByLabel('Token of the admin listener').fill('a-token-of-some-length')
  await page.getByRole('button', { name: 'Log in' }).click()
  await page.getByText('may operate').waitFor()
  write(`admin: { port: 0, token: another-token-of-length }\n${yaml}`)
  await fetch(`${admin}/reload`, { method: 'POST', headers: { authorization: 'Bearer a-token-of-some-length' } })
  await page.getByLabel('Token of the admin listener').waitFor()
})
