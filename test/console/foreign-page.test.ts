/** A page of another port of the same host, to which the browser sends the cookie of the session too, tries to use the console. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closeBrowser, openPage, withoutBrowser } from '../helpers/browser.ts'
import { startGateway } from '../helpers/gateway.ts'

after(closeBrowser)

const token = 'a-token-of-some-length'
const yaml = `
admin: { port: 0, token: ${token} }
routes: [{ path: /, respond: { text: somebody else's page } }]
`

test('beside a session in the browser, a page of another origin changes and reads nothing', { skip: withoutBrowser }, async t => {
  const { admin, url } = await startGateway(t, yaml)
  const { page } = await openPage(t, `${admin}/`)
  await page.getByLabel('Token of the admin listener').fill(token)
  await page.keyboard.press('Enter')
  await page.getByText('may operate').waitFor()

  const foreign = await page.context().newPage()
  const statuses: number[] = []
  foreign.on('response', response => { if (response.url().startsWith(admin)) statuses.push(response.status()) })
  await foreign.goto(`${url}/`)
  const tries = [
    `fetch('${admin}/reload', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{}' })`,
    `fetch('${admin}/reload', { method: 'POST', credentials: 'include', headers: { 'content-type': 'application/json' }, body: '{}' })`,
    `fetch('${admin}/login', { method: 'POST', mode: 'no-cors', credentials: 'include', body: '{"token":"${token}"}' })`,
    `fetch('${admin}/config', { credentials: 'include' })`
  ]
  for (const one of tries) assert.notEqual(await foreign.evaluate(`${one}.then(({ type }) => type, () => 'refused')`), 'cors', one)
  await Promise.all([foreign.waitForURL(`${admin}/reload`), foreign.evaluate(`
    const form = Object.assign(document.createElement('form'), { method: 'post', action: '${admin}/reload' })
    document.body.append(form)
    form.submit()
  `)])
  assert.ok(statuses.length >= 3 && statuses.every(status => status === 403), statuses.join())

  // The session goes on, and a link to the console is followed.
  await foreign.goto(`${url}/`)
  await Promise.all([foreign.waitForURL(`${admin}/`), foreign.evaluate(`location.href = '${admin}/'`)])
  await foreign.getByText('may operate').waitFor()
  const ready = await fetch(`${admin}/readyz?verbose`, { headers: { authorization: `Bearer ${token}` } })
  assert.equal((await ready.json() as { generation: number }).generation, 1)
})
