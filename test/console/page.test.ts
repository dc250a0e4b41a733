/** The page of the console and what it loads, as a client of HTTP sees them. */

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { brotliDecompressSync, gunzipSync } from 'node:zlib'
import { consoleAssets, loadAssets } from '../../plugins/core/console/assets.ts'
import { accepts } from '../../plugins/core/console/page.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'

const yaml = 'routes: [{ path: /, respond: {} }]'

const linked = (page: string): string[] => [...page.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, url]) => url!)

test('the page may load what is its own and nothing else, and has no script or style in it', async t => {
  const { admin } = await startGateway(t, yaml)
  const response = await fetch(`${admin}/`)
  const page = await response.text()
  assert.equal(response.headers.get('content-type'), 'text/html; charset=utf-8')
  assert.equal(response.headers.get('cache-control'), 'no-store')
  assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
  assert.equal(response.headers.get('referrer-policy'), 'no-referrer')
  assert.equal(response.headers.get('cross-origin-opener-policy'), 'same-origin')
  assert.equal(response.headers.get('cross-origin-resource-policy'), 'same-origin')
  assert.equal(
    response.headers.get('content-security-policy'),
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'none'; " +
    "frame-ancestors 'none'; base-uri 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
  )
  assert.doesNotMatch(page, /<style|style=|<script[^>]*>[^<]|\son[a-z]+=/)
  assert.ok(linked(page).every(url => url.startsWith('/console/')))
})

test('everything that the page names is there, to be kept for ever', async t => {
  const { admin } = await startGateway(t, yaml)
  const urls = linked(await (await fetch(`${admin}/`)).text())
  assert.deepEqual(urls.map(url => url.split('/').at(-1)), ['icon.svg', 'console.css', 'console.js'])
  for (const url of urls) {
    const response = await fetch(`${admin}${url}`)
    assert.equal(response.status, 200, url)
    assert.equal(response.headers.get('cache-control'), 'private, max-age=31536000, immutable')
    assert.equal(response.headers.get('x-content-type-options'), 'nosniff')
    await response.bytes()
  }
  const [first] = urls
  const { headers } = await fetch(`${admin}${first}`, { method: 'HEAD' })
  assert.equal((await fetch(`${admin}${first}`, { headers: { 'if-none-match': headers.get('etag')! } })).status, 304)
})

test('a link on any page may lead to the page, and to nothing that it loads or asks for', async t => {
  const { admin } = await startGateway(t, yaml)
  const [file] = linked(await (await fetch(`${admin}/`)).text())
  const headers = { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }
  const statuses = await Promise.all(['/', file!, '/session', '/config'].map(async path => (await send(admin, path, { headers })).status))
  assert.deepEqual(statuses, [200, 403, 403, 403])
  assert.equal((await send(admin, '/', { headers: { ...headers, 'sec-fetch-dest': 'iframe' } })).status, 403)
})

test('a file is sent compressed to those who accept that, and as it is to all others', async t => {
  const { admin } = await startGateway(t, yaml)
  const [url] = linked(await (await fetch(`${admin}/`)).text()).filter(found => found.endsWith('/console.js'))
  const get = async (encoding?: string): ReturnType<typeof send> => {
    return await send(admin, url!, { headers: encoding === undefined ? {} : { 'accept-encoding': encoding } })
  }
  const [plain, zipped, br] = [await get(), await get('gzip'), await get('gzip, deflate, br')]
  assert.deepEqual([plain, zipped, br].map(({ headers }) => headers['content-encoding']), [undefined, 'gzip', 'br'])
  assert.ok([plain, zipped, br].every(({ headers }) => headers['vary'] === 'accept-encoding'))
})

test('an encoding with a weight of 0 is not accepted', () => {
  assert.equal(accepts('gzip, br;q=0.5', 'br'), true)
  assert.equal(accepts('gzip, br; q=0', 'br'), false)
  assert.equal(accepts('gzip, br;q=0.000', 'br'), false)
  assert.equal(accepts('gzip', 'br'), false)
  assert.equal(accepts('', 'gzip'), false)
})

test('of another version, and outside of the folder, there is nothing', async t => {
  const { admin } = await startGateway(t, yaml)
  const { version } = await consoleAssets()
  for (const path of ['/console/0000000000000000/console.js', `/console/${version}/nothing.js`, `/console/${version}/..%2findex.ts`]) {
    assert.equal((await fetch(admin + path)).status, 404, path)
  }
})

test('the page is there without the token, because it asks for it; what it reads is not', async t => {
  const { admin } = await startGateway(t, `admin: { port: 0, token: a-token-of-some-length }\n${yaml}`)
  const page = await fetch(`${admin}/`)
  assert.equal(page.status, 200)
  const [url] = linked(await page.text())
  assert.equal((await fetch(`${admin}${url}`)).status, 200)
  assert.equal((await fetch(`${admin}/live`)).status, 401)
})

test('a page of another site gets neither', async t => {
  const { admin } = await startGateway(t, yaml)
  for (const path of ['/', '/live']) {
    assert.equal((await fetch(`${admin}${path}`, { headers: { origin: 'https://elsewhere.example' } })).status, 403)
  }
})

test('console.enabled: false takes all of it away', async t => {
  const { admin } = await startGateway(t, `console: { enabled: false }\n${yaml}`)
  const { version } = await consoleAssets()
  for (const path of ['/', '/live', `/console/${version}/console.js`]) assert.equal((await fetch(`${admin}${path}`)).status, 404, path)
})

test('with several threads the admin listener has the console', async t => {
  const { admin } = await startGateway(t, `server: { host: 127.0.0.1, port: 0, threads: 2 }\n${yaml}`, { threaded: true })
  assert.equal((await fetch(`${admin}/`)).status, 200)
})

test('all that a browser loads is at most 80 kB', async () => {
  const { files } = await consoleAssets()
  const sizes = await Promise.all([...files.values()].map(async ({ encoded }) => (await encoded('gzip')).length))
  const size = sizes.reduce((sum, bytes) => sum + bytes, 0)
  assert.ok(size <= 80_000, `${size} bytes`)
  for (const [name, { body, encoded }] of files) {
    assert.ok(gunzipSync(await encoded('gzip')).equals(body) && brotliDecompressSync(await encoded('br')).equals(body), name)
  }
})

test('the version changes with any file, and files of other kinds are left out', async t => {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true }))
  writeFileSync(join(folder, 'a.js'), '1')
  writeFileSync(join(folder, 'notes.txt'), '1')
  const before = await loadAssets(folder)
  assert.deepEqual([...before.files.keys()], ['a.js'])
  assert.equal((await loadAssets(folder)).version, before.version)
  writeFileSync(join(folder, 'a.js'), '2')
  assert.notEqual((await loadAssets(folder)).version, before.version)
})
