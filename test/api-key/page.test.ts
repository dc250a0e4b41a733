/** What the page on identity shows is what happens. */

import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { test, type TestContext } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

/** A gateway with the first configuration below a heading, in front of a service of the test. */
async function shown (t: TestContext, heading: string): Promise<TestGateway> {
  const page = readFileSync(new URL('../../docs/reference/identity.md', import.meta.url), 'utf8')
  const [, yaml] = /^```yaml\n([^]*?)^```$/m.exec(page.split(`\n## ${heading}\n`)[1]!)!
  const { url } = await startTarget(t)
  return await startGateway(t, yaml!.replaceAll('http://127.0.0.1:9003', url))
}

test('the key of the page is one that its configuration lets in', async t => {
  const { url } = await shown(t, 'API keys')
  for (const [key, status] of [['development-key-of-the-shop-0123456789', 200], ['development-key-of-the-ship-0123456789', 401]] as const) {
    assert.equal((await send(url, '/orders/1', { headers: { 'x-api-key': key } })).status, status)
  }
})

test('so is the password', async t => {
  const { url } = await shown(t, 'Basic')
  const status = async (password: string): Promise<number> => (await send(url, '/reports/1', {
    headers: { authorization: `Basic ${Buffer.from(`ada:${password}`).toString('base64')}` }
  })).status
  assert.deepEqual([await status('development-password-of-ada'), await status('development-password-of-eve')], [200, 401])
})
