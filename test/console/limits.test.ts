/** The view of the limits in a real browser. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closeBrowser, withoutBrowser as skip } from '../helpers/browser.ts'
import { startGateway } from '../helpers/gateway.ts'
import { openView, rowsOf } from './view.ts'

after(closeBrowser)

const yaml = `
policies:
  per-client: { plugin: rate-limiting, limit: 2/h, key: ip }
  slots: { plugin: rate-limiting, limit: 5, algorithm: concurrency, key: ip }
routes: [{ path: /, respond: { text: hello }, policies: [per-client, slots] }]
`

for (const threads of [1, 2]) {
  test(`it shows who is limited, by what, and gives a key its units back, with ${threads} thread(s)`, { skip }, async t => {
    const server = `server: { host: 127.0.0.1, port: 0, threads: ${threads} }\n`
    const { admin, url } = await startGateway(t, server + yaml, { threaded: true })
    const { page, isSound } = await openView(t, admin, 'limits')
    await page.getByText('No key is limited.').waitFor()
    for (let request = 0; request < 5; request++) await fetch(url)
    await page.getByText('1 key limited now').waitFor()
    await page.getByRole('cell', { name: '3', exact: true }).waitFor()
    const [policy, slots] = await rowsOf(page, 'Rate-limiting policies')
    const { Policy, Limit, Keys, 'In all': all } = policy!
    assert.deepEqual([Policy, Limit, Keys, all], ['per-client', '2 per hour, 2 at once', '1', '3'])
    assert.equal(slots!['Limit'], '5 in progress')
    const metrics = await (await fetch(`${admin}/metrics`)).text()
    assert.match(metrics, /^gateway_rate_limited_total\{policy="per-client"\} 3$/m)
    assert.match(metrics, /^gateway_rate_limit_keys\{policy="per-client"\} 1$/m)
    const [key] = await rowsOf(page, 'Limited keys')
    assert.deepEqual([key!['Key'], key!['Policy'], key!['State'], key!['Left']], ['127.0.0.1', 'per-client', '▲ limited', '0'])
    if (threads === 1) await isSound()

    await page.getByRole('button', { name: 'Reset 127.0.0.1 of per-client' }).click()
    await page.getByLabel('Why').fill('a customer called')
    if (threads === 1) await isSound()
    await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click()
    await page.getByText('1 key of per-client reset.').waitFor()
    await page.getByText('0 keys limited now').waitFor()
    assert.equal((await fetch(url)).status, 200)
    const events = await (await fetch(`${admin}/events?type=limit-reset`)).text()
    assert.match(events, /"key":"127\.0\.0\.1".*"by":.*"reason":"a customer called"/)
  })
}

test('a change that is refused says why, and can be cancelled', { skip }, async t => {
  const { admin, url, write } = await startGateway(t, yaml)
  const { page } = await openView(t, admin, 'limits')
  for (let request = 0; request < 3; request++) await fetch(url)
  await page.getByRole('button', { name: 'Reset 127.0.0.1 of per-client' }).click()
  write('routes: [{ path: /, respond: {} }]')
  await fetch(`${admin}/reload`, { method: 'POST' })
  await page.getByRole('dialog').getByRole('button', { name: 'Reset' }).click()
  await page.getByRole('dialog').getByRole('alert').filter({ hasText: /./ }).waitFor()
  await page.keyboard.press('Escape')
  await page.getByText('The configuration has no rate-limiting policy in use.').waitFor()
  assert.equal(await page.getByRole('dialog').count(), 0)
})

test('one who may only look has no buttons for changes', { skip }, async t => {
  const tokens = 'admin: { port: 0, token: a-token-of-some-length, viewToken: another-token-of-length }\n'
  const { admin, url } = await startGateway(t, tokens + yaml)
  for (let request = 0; request < 3; request++) await fetch(url)
  const { page } = await openView(t, admin, 'limits')
  await page.getByLabel('Token of the admin listener').fill('another-token-of-length')
  await page.keyboard.press('Enter')
  await page.getByText('1 key limited now').waitFor()
  assert.equal(await page.getByRole('button', { name: /Reset/ }).count(), 0)
})
