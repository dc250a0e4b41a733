/** What belongs to an upstream is that of the upstream which serves the request, also on a route that splits its traffic. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startService, startTarget } from '../helpers/target.ts'
import { certificate, privateKey } from '../health-checks/certificate.ts'

for (const order of [['a', 'b', 'c'], ['c', 'b', 'a']]) {
  test(`host, forwarded and timeouts.header are each upstream's own, whichever stands first (${order[0]})`, async t => {
    const [a, b, c] = [await startTarget(t), await startTarget(t), await startTarget(t)]
    const { url, admin } = await startGateway(t, `
upstreams:
  a: { targets: ["${a.url}"], host: client, forwarded: true }
  b: { targets: ["${b.url}"], timeouts: { header: x-left } }
  c: { targets: ["${c.url}"], host: "canary.internal:8443" }
routes: [{ path: /s, name: split, split: [${order.map(name => `{ upstream: ${name}, weight: 1 }`).join(', ')}] }]
`)
    for (let i = 0; i < 9; i++) assert.equal((await send(url, '/s', { headers: { host: 'shop.example', 'x-left': 'forged' } })).status, 200)
    assert.ok([a, b, c].every(({ hits }) => hits.length >= 2))
    for (const { headers } of a.hits) {
      assert.deepEqual([headers.host, headers['forwarded']?.includes('shop.example'), headers['x-left']], ['shop.example', true, 'forged'])
    }
    for (const { headers } of b.hits) {
      assert.deepEqual([headers.host, headers['forwarded'], Number(headers['x-left']) > 0], [`127.0.0.1:${b.port}`, undefined, true])
    }
    for (const { headers } of c.hits) assert.deepEqual([headers.host, headers['forwarded']], ['canary.internal:8443', undefined])

    // The service in metrics is the upstream that served it.
    const metrics = await (await fetch(`${admin}/metrics`)).text()
    for (const [name, { hits }] of [['a', a], ['b', b], ['c', c]] as const) {
      assert.match(
        metrics,
        new RegExp(`^gateway_requests_total\\{method="GET",path="/s",route="split",service="${name}",status="200"\\} ${hits.length}$`, 'm')
      )
    }
  })
}

test('a Host of one\'s own does not change whose certificate is asked for', async t => {
  const target = await startService(
    t,
    (request, response) => { response.end(request.headers.host) },
    { cert: certificate, key: privateKey }
  )
  const tls = `tls: { ca: ${JSON.stringify(certificate)} }`
  const { url } = await startGateway(t, `
upstreams:
  named: { targets: ["${target.url}"], host: named.internal, ${tls} }
  client: { targets: ["${target.url}"], host: client, ${tls} }
routes: [{ path: /named, upstream: named }, { path: /client, upstream: client }]
`)
  for (const [path, expected] of [['/named', 'named.internal'], ['/client', 'shop.example']] as const) {
    assert.equal((await send(url, path, { headers: { host: 'shop.example' } })).text, expected)
  }
})

test('a host that is none is refused with its place', async t => {
  for (const host of ['a b', 'http://a', 'a/b', '"a:99999"', '"*.a"']) {
    await assert.rejects(
      startGateway(t, `upstreams: { u: { targets: ["http://127.0.0.1:1"], host: ${host} } }\nroutes: [{ path: /, upstream: u }]`),
      /gateway\.yaml:\d+:\d+.*is neither target nor client nor a host name/s,
      host
    )
  }
})
