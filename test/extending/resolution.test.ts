import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { suite, test } from 'node:test'
import * as http from '../../src/http/index.ts'
import * as onedoor from '../../src/index.ts'
import { ownFile } from '../../src/gateway/own-package.ts'
import { startGateway } from '../helpers/gateway.ts'

const listing = (plugin: string): string =>
  `policies: { mine: { plugin: ${plugin} } }\nroutes: [{ path: /, respond: {}, policies: [mine] }]\n`

/** A plugin that hands the modules that it imports to the test. */
const plugin = (type: string): string => `
  import * as onedoor from 'onedoor'
  import * as http from 'onedoor/http'
  import 'onedoor/config'
  import 'onedoor/transport'
  import { beside } from './beside/module.mjs'
  export default async function mine (app${type}) {
    globalThis.imported = { onedoor, http, beside }
    app.addHook('onRequest', (request, reply, done) => { done() })
  }`

suite('what a plugin imports', () => {
  for (const [file, type] of [
    ['plugins/mine.ts', ': onedoor.FastifyInstance'],
    ['plugins/mine.mts', ': unknown'],
    ['plugins/mine.js', '']
  ] as const) {
    test(`${file} and a module beside it get the running gateway, in a folder without node_modules`, async t => {
      const files = { [file]: plugin(type), 'plugins/beside/module.mjs': "export * as beside from 'onedoor'" }
      const { url } = await startGateway(t, listing(`./${file}`), { files })
      assert.equal((await fetch(url)).status, 200)
      assert.deepEqual((globalThis as { imported?: unknown }).imported, { onedoor, http, beside: onedoor })
    })
  }

  test('a CommonJS plugin that requires the gateway gets the running one', async t => {
    const files = {
      'plugins/mine.cjs': `
        const { version } = require('onedoor')
        module.exports = async app => {
          app.addHook('onRequest', (request, reply, done) => { reply.header('x-version', version); done() })
        }`
    }
    const { url } = await startGateway(t, listing('./plugins/mine.cjs'), { files })
    assert.equal((await fetch(url)).headers.get('x-version'), onedoor.version)
  })

  test('an entry point that the package does not have is an error that names it', async t => {
    const files = { 'mine.ts': "import 'onedoor/kitchen'\nexport default async function mine () {}\n" }
    await assert.rejects(startGateway(t, listing('./mine.ts'), { files }), /there is no "onedoor\/kitchen", only onedoor, onedoor\/http, /)
  })

  test('TypeScript inside node_modules says what to do', async t => {
    const files = {
      'node_modules/own/package.json': '{ "name": "own", "type": "module", "exports": "./index.ts" }',
      'node_modules/own/index.ts': 'export default async function own (): Promise<void> {}\n'
    }
    await assert.rejects(
      startGateway(t, listing('own'), { files }),
      /compile the plugin to JavaScript, or put its file beside the configuration/
    )
  })

  test('every entry point of package.json exists', () => {
    const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { exports: object }
    for (const entry of Object.keys(exports)) readFileSync(new URL(ownFile(entry.replace('.', 'onedoor'))))
  })
})
