/** The view of the configuration in a real browser. */

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { closeBrowser, withoutBrowser as skip } from '../helpers/browser.ts'
import { startGateway } from '../helpers/gateway.ts'
import { openView, rowsOf } from './view.ts'

after(closeBrowser)

const responding = (text: string, more = ''): string => `${more}routes: [{ path: /, respond: { text: "${text}" } }]\n`
const broken = 'routes:\n  - { path: /, respnd: {} }\n'
const text = async (url: string): Promise<string> => await (await fetch(url)).text()
const json = async <T> (url: string): Promise<T> => await (await fetch(url)).json() as T
/** The browser notes the status of a reload that is refused. */
const refusal = /status of 422/

interface Ready {
  readonly generation: number
  readonly lastReload: { readonly problems?: readonly string[] }
}

for (const threads of [1, 2]) {
  test(`a broken save appears with its place and caret, and goes when it is mended, with ${threads} thread(s)`, { skip }, async t => {
    const server = `server: { host: 127.0.0.1, port: 0, threads: ${threads} }\n`
    const { admin, file, write } = await startGateway(t, responding('one', server), { threaded: true, watch: true })
    const { page, isSound } = await openView(t, admin, 'configuration')
    await page.getByText(file, { exact: true }).waitFor()
    write(server + broken)
    await page.getByText('It has 1 problem; generation 1 serves on.').waitFor()
    const { lastReload: { problems } } = await json<Ready>(`${admin}/readyz?verbose`)
    const shown = page.getByRole('group', { name: 'Problems of the configuration' })
    assert.equal((await shown.innerText()).trimEnd(), problems![0])
    assert.match(problems![0]!, /gateway\.yaml:4:\d+ {2}unknown key "respnd".*\n.*\| .*respnd.*\n.*\^{6}/)
    await page.getByRole('link', { name: 'Configuration 2' }).waitFor()
    if (threads === 1) await isSound()
    write(responding('two', server))
    await shown.waitFor({ state: 'detached' })
    await page.getByText('generation 2').waitFor()
    await page.getByRole('group', { name: 'Effective configuration' }).getByText('text: two').waitFor()
  })
}

test('the file is reloaded by a button, and each reload is in the history with what it changed', { skip }, async t => {
  const gateway = await startGateway(t, responding('one', 'upstreams: { idle: { targets: [http://127.0.0.1:1] } }\n'))
  const { admin, write } = gateway
  const { page, isSound } = await openView(t, admin, 'configuration', refusal)
  await page.getByText('upstream "idle" is used by no route').waitFor()
  write(responding('two'))
  await page.getByRole('button', { name: 'Reload the file' }).click()
  await page.getByText('The file was reloaded and serves.').waitFor()
  write(broken)
  await page.getByRole('button', { name: 'Reload the file' }).click()
  await page.getByText(/The file was refused: .*gateway\.yaml:4:\d+\s+unknown key "respnd"/).waitFor()
  await page.getByRole('link', { name: 'Configuration 3' }).waitFor()
  const rows = await rowsOf(page, 'Configurations')
  assert.deepEqual(rows.map(row => [row['No.'], row['Result'], row['Trigger'], row['By'], row['Changes'], row['Generation']]), [
    ['3', '▲ refused', 'admin listener', '127.0.0.1 (loopback)', '1 problem', '–'],
    ['2', '● serving', 'admin listener', '127.0.0.1 (loopback)', '1 removed, 1 changed', '2'],
    ['1', '○ served', 'start of the gateway', '–', '–', '1']
  ])

  await page.getByRole('link', { name: 'Configuration 2' }).click()
  await page.getByText('From 1 to 2, 2 places differ:').waitFor()
  const places = page.getByRole('list', { name: 'Places that differ' })
  assert.deepEqual(await places.getByRole('listitem').evaluateAll(all => all.map(one => (one as unknown as Shown).innerText)), [
    '−\nupstreams.idle\nremoved', '~\nroutes[/].respond.text\nchanged'
  ])
  const { diff } = await json<{ readonly diff: string }>(`${admin}/reloads/2/diff`)
  const shown = page.getByRole('group', { name: 'Difference from 1 to 2' })
  assert.equal((await shown.innerText()).trimEnd(), diff.trimEnd())
  await isSound()

  await page.goto(`${admin}/#/configuration/3`)
  await page.getByRole('heading', { name: 'Why it was refused' }).waitFor()
  await page.getByText('^^^^^^').waitFor()
  assert.equal(await page.getByRole('button', { name: 'Serve this configuration again' }).count(), 0)
  await page.goto(`${admin}/#/configuration/9`)
  await page.getByText('This configuration is not kept').waitFor()
})

/** What is used of an element of the browser. */
interface Shown {
  readonly innerText: string
}

test('an earlier configuration serves again, with a reason and for a time, and can be compared with any other', { skip }, async t => {
  const { admin, url, write } = await startGateway(t, responding('one'))
  for (const word of ['two', 'three']) {
    write(responding(word))
    await fetch(`${admin}/reload`, { method: 'POST' })
  }
  const { page, isSound } = await openView(t, admin, 'configuration/1')
  await page.getByText('What served before is not kept: choose one to compare with.').waitFor()
  await page.getByLabel('Compared with').selectOption('3')
  await page.getByText('From 3 to 1, 1 place differs:').waitFor()
  assert.equal(new URL(page.url()).hash, '#/configuration/1?with=3')
  await page.getByRole('button', { name: 'Serve this configuration again' }).click()
  await page.getByText('This is temporary: the file is the truth').waitFor()
  await page.getByLabel('Why').fill('errors of today')
  await isSound()
  await page.getByRole('button', { name: 'Serve it' }).click()
  await page.getByText('Configuration 1 serves again, until the file changes or is reloaded.').waitFor()
  assert.equal(await text(url), 'one')
  const [event] = await json<Record<string, unknown>[]>(`${admin}/events?type=configuration-restored`)
  assert.deepEqual([event!['restores'], event!['by'], event!['reason']], [1, '127.0.0.1', 'errors of today'])

  await page.goto(`${admin}/#/configuration`)
  await page.getByText('The file is the truth: this one serves until the file changes or is reloaded.').waitFor()
  await page.getByText('restored configuration 1, by 127.0.0.1 (loopback): errors of today').waitFor()
  await page.getByRole('link', { name: 'Overview' }).click()
  await page.getByText(/configuration 1 serves again for \d+ s \(by 127\.0\.0\.1: errors of today\)/).waitFor()
  await page.getByRole('link', { name: /Show more about: configuration 1/ }).click()
  await page.getByRole('button', { name: 'Reload the file' }).click()
  await page.getByText('The file is the truth').waitFor({ state: 'detached' })
  assert.equal(await text(url), 'three')
  await page.getByRole('button', { name: 'Reload the file' }).click()
  await page.getByRole('link', { name: 'Configuration 6' }).waitFor()
  assert.equal((await rowsOf(page, 'Configurations'))[0]!['Changes'], 'nothing')
})

test('lines of the effective configuration are found, and all of them copied', { skip }, async t => {
  const { admin } = await startGateway(t, responding('one'))
  const { page } = await openView(t, admin, 'configuration')
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'])
  const file = page.getByRole('group', { name: 'Effective configuration' })
  await file.waitFor()
  const all = await text(`${admin}/config?format=yaml`)
  assert.equal((await file.innerText()).trimEnd(), all.trimEnd())
  await page.getByLabel('Lines with').fill('text: one')
  await page.getByText('4 lines', { exact: true }).waitFor()
  assert.equal((await file.innerText()).trimEnd(), 'routes:\n  - path: /\n    respond:\n      text: one')
  assert.equal(new URL(page.url()).hash, '#/configuration?lines=text%3A+one')
  await page.getByRole('button', { name: 'Copy all' }).click()
  await page.getByText('The configuration is in the clipboard.').waitFor()
  assert.equal(await page.evaluate('navigator.clipboard.readText()'), all)
  await page.getByLabel('Lines with').fill('no such line')
  await page.getByText('No line has “no such line”.').waitFor()
})

test('one who may only look has no buttons for changes, and sees no secret', { skip }, async t => {
  const tokens = 'admin: { port: 0, token: canary-token-of-some-length, viewToken: canary-token-of-another }\n'
  const policy = 'policies: { tokens: { plugin: jwt-auth, secret: canary-canary-canary-canary-canary } }\n'
  const { admin, write } = await startGateway(t, responding('one', tokens + policy))
  const reload = async (yaml: string): Promise<number> => {
    write(yaml)
    return (await fetch(`${admin}/reload`, { method: 'POST', headers: { authorization: 'Bearer canary-token-of-some-length' } })).status
  }
  assert.equal(await reload(responding('two', tokens + policy.replace(' }', ', algorithms: 5 }'))), 422)
  assert.equal(await reload(responding('two', tokens + policy.replace('canary }', 'canary2 }'))), 200)
  const { page } = await openView(t, admin, 'configuration')
  await page.getByLabel('Token of the admin listener').fill('canary-token-of-another')
  await page.keyboard.press('Enter')
  const said: string[] = []
  for (const place of ['configuration', 'configuration/1', 'configuration/2', 'configuration/3']) {
    await page.goto(`${admin}/#/${place}`)
    await page.getByRole('group', { name: /Effective configuration|Problems of the configuration/ }).first().waitFor()
    if (place.endsWith('3')) await page.getByRole('group', { name: 'Difference from 1 to 3' }).waitFor()
    assert.equal(await page.getByRole('button', { name: /Reload|again/ }).count(), 0)
    said.push(await page.content())
  }
  assert.equal(said.join('\n').indexOf('canary'), -1)
  assert.match(said[2]!, /secret: \*+, algorithms: 5/)
})
