import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkHttp2, http2Of } from '../../src/config/http2.ts'
import { usualHttp2Limits } from '../../src/config/schema/http2-schema.ts'
import { validate } from '../../src/config/check/validate.ts'
import { composeSchema } from '../../src/config/schema/compose.ts'
import type { Config } from '../../src/config/types.ts'
import { rootPlugins } from '../../src/gateway/app.ts'
import { isNodeFit } from '../../src/http/node-http2.ts'

const tls = {} as never

test('HTTP/2 is on with TLS unless it is turned off, and off without unless it is turned on', () => {
  const limits = { ...usualHttp2Limits, maxStreams: 1 }
  assert.equal(http2Of({}), undefined)
  assert.equal(http2Of({ http2: true }), usualHttp2Limits)
  assert.equal(http2Of({ http2: limits }), limits)
  assert.equal(http2Of({ tls }), usualHttp2Limits)
  assert.equal(http2Of({ tls, http2: limits }), limits)
  assert.equal(http2Of({ tls, http2: false }), undefined)
})

test('a Node that is not safe for HTTP/2 is named where HTTP/2 is asked for, and warned of where it is the default', () => {
  const found = (keys: Parameters<typeof checkHttp2>[0], node: string): unknown[] => {
    const problems: unknown[] = []
    checkHttp2(keys, '/listeners/0', ({ severity = 'error', pointer, hint }) => problems.push([severity, pointer, hint]), node)
    return problems
  }
  const hint = 'earlier ones have CVE-2026-21714 and CVE-2026-21717'
  assert.deepEqual(found({ http2: true }, '24.14.0'), [['error', '/listeners/0/http2', hint]])
  assert.deepEqual(found({ tls, http2: usualHttp2Limits }, '22.19.0'), [['error', '/listeners/0/http2', hint]])
  assert.deepEqual(found({ tls }, '22.19.0'), [['warning', '/listeners/0/tls', hint]])
  assert.deepEqual(found({ tls, http2: false }, '22.19.0'), [])
  assert.deepEqual(found({ http2: true }, '24.14.1'), [])
  assert.equal(http2Of({ tls }, '22.19.0'), undefined)
  assert.equal(http2Of({ http2: true }, '24.14.0'), undefined)
})

test('a version of Node is safe from 24.14.1 on', () => {
  for (const version of ['24.14.1', '24.14.2', '24.15.0', '25.0.0']) assert.equal(isNodeFit(version), true, version)
  for (const version of ['24.14.0', '24.13.9', '22.22.2', '23.11.0']) assert.equal(isNodeFit(version), false, version)
})

test('the limits of `http2: true` are the defaults of the schema', () => {
  const file = { listeners: [{ port: 8080, http2: {} }], routes: [{ path: '/' }] }
  const { listeners } = validate(composeSchema(rootPlugins).file, file).value as Config
  assert.deepEqual(structuredClone(listeners[0]!.http2), usualHttp2Limits)
})
