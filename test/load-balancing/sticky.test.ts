/** Sticky sessions as clients see them. */

import assert from 'node:assert/strict'
import { test, type TestContext } from 'node:test'
import * as loadBalancing from '../../plugins/core/load-balancing/index.ts'
import { Sticky } from '../../plugins/core/load-balancing/sticky.ts'
import { send } from '../helpers/client.ts'
import { startGateway, type TestGateway } from '../helpers/gateway.ts'
import { startTarget, type TestTarget } from '../helpers/target.ts'
import { smallConfig } from './small-app.ts'
import { exchange, targetOf, upstreamOf } from './upstream.ts'

const secret = 'a-secret-of-at-least-32-characters'

interface Setting {
  readonly gateway: TestGateway
  readonly targets: readonly TestTarget[]
  readonly ask: (cookie?: string) => Promise<{ body: string, cookies: readonly string[], status: number }>
}

async function setUp (t: TestContext, sticky = '', more = ''): Promise<Setting> {
  const targets = await Promise.all('abc'.split('').map(async letter => await startTarget(t, (_request, response) => {
    response.setHeader('set-cookie', ['theirs=1'])
    response.end(letter)
  })))
  const gateway = await startGateway(t, `
upstreams:
  users:
    targets: [${targets.map(({ url }) => url).join(', ')}]
    sticky: { secret: ${secret}, ${sticky} }
    ${more}
routes: [{ path: /*, upstream: users }]
`)
  return {
    gateway,
    targets,
    async ask (cookie) {
      const { text, headers, status } = await send(gateway.url, '/', cookie === undefined ? {} : { headers: { cookie } })
      return { body: text, cookies: headers['set-cookie'] ?? [], status }
    }
  }
}

const pairOf = (cookies: readonly string[]): string => cookies.find(cookie => cookie.startsWith('sticky-users='))!.split(';')[0]!

test('a client with the cookie stays at its target, and is not given the cookie again', async t => {
  const { ask } = await setUp(t)
  const first = await ask()
  for (let time = 0; time < 10; time++) {
    const next = await ask(`other=1; ${pairOf(first.cookies)}`)
    assert.equal(next.body, first.body)
    assert.deepEqual(next.cookies, ['theirs=1'])
  }
})

test('the cookie stands beside those of the target, is closed to scripts and plain HTTP, and says nothing about the target', async t => {
  const { ask, targets } = await setUp(t)
  const { cookies } = await ask()
  assert.equal(cookies.length, 2)
  const [own] = cookies.filter(cookie => cookie !== 'theirs=1')
  assert.match(own!, /^sticky-users=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Lax$/)
  for (const { port } of targets) assert.ok(!own!.includes(String(port)))
})

test('name, lifetime, path and attributes are those of the file', async t => {
  const { ask } = await setUp(t, 'cookie: place, ttl: 1h, path: /app, sameSite: strict, secure: false, httpOnly: false')
  const { cookies } = await ask()
  assert.match(cookies.find(cookie => cookie.startsWith('place='))!, /^place=[\w-]{43}; Path=\/app; Max-Age=3600; SameSite=Strict$/)
})

test('a forged cookie is ignored and replaced', async t => {
  const { ask, targets } = await setUp(t)
  const forged = ['', 'x'.repeat(43), Buffer.from(targets[0]!.url).toString('base64url'), '__proto__']
  const answers = await Promise.all(forged.map(async value => await ask(`sticky-users=${value}`)))
  assert.deepEqual([...new Set(answers.map(({ body }) => body))].sort(), ['a', 'b', 'c'])
  assert.ok(answers.every(({ cookies }) => cookies.length === 2))
})

test('a cookie is that of its upstream: under one name and one secret it is worth nothing at another one', async t => {
  const targets = await Promise.all('abcdef'.split('').map(async letter => await startTarget(
    t,
    (_request, response) => response.end(letter)
  )))
  const sticky = `sticky: { secret: ${secret}, cookie: place }`
  const list = `targets: [${targets.map(({ url }) => url).join(', ')}]`
  const { url } = await startGateway(t, `
upstreams:
  users: { ${list}, ${sticky} }
  orders: { ${list}, ${sticky} }
routes: [{ path: /users, upstream: users }, { path: /orders, upstream: orders }]
`)
  const first = await send(url, '/users')
  const cookie = first.headers['set-cookie']![0]!.split(';')[0]!
  assert.equal((await send(url, '/users', { headers: { cookie } })).headers['set-cookie'], undefined)
  for (let time = 0; time < 5; time++) {
    const given = (await send(url, '/orders', { headers: { cookie } })).headers['set-cookie']!
    assert.equal(given.length, 1, 'a cookie that is not valid is replaced')
    assert.notEqual(given[0]!.split(';')[0], cookie)
  }
})

test('a client whose target is gone is given another one and its cookie, and stays there when the first is back', async t => {
  const { ask, targets } = await setUp(t)
  const first = await ask()
  await targets['abc'.indexOf(first.body)]!.close()
  const second = await ask(pairOf(first.cookies))
  assert.equal(second.status, 200)
  assert.notEqual(second.body, first.body)
  const third = await ask(pairOf(second.cookies))
  assert.equal(third.body, second.body)
})

test('the cookie still holds after a reload, also when other targets have come and gone', async t => {
  const { ask, gateway, targets } = await setUp(t)
  const first = await ask()
  const kept = targets['abc'.indexOf(first.body)]!.url
  gateway.write(`
upstreams: { users: { targets: [http://127.0.0.1:1, ${kept}], sticky: { secret: ${secret} } } }
routes: [{ path: /*, upstream: users }]
`)
  assert.equal((await gateway.gateway.reload('test')).ok, true)
  for (let time = 0; time < 4; time++) assert.equal((await ask(pairOf(first.cookies))).body, first.body)
})

test('responses are counted as new, kept and moved, and a rehearsal says what the cookie does', async t => {
  const { ask, gateway, targets } = await setUp(t)
  const first = await ask()
  await ask(pairOf(first.cookies))
  const { decisions } = await gateway.gateway.explain({ method: 'GET', url: '/', headers: { cookie: pairOf(first.cookies) } })
  const { url } = targets['abc'.indexOf(first.body)]!
  assert.ok(decisions.some(({ verdict, why }) => verdict === 'sticky' && why === `the cookie sticky-users names ${url}`))
  await targets['abc'.indexOf(first.body)]!.close()
  await ask(pairOf(first.cookies))
  const { text } = await send(gateway.admin, '/metrics')
  for (const result of ['new', 'kept', 'moved']) {
    assert.match(text, new RegExp(`gateway_sticky_requests_total\\{upstream="users",result="${result}"\\} 1\n`))
  }
})

test('no client is bound to a target that responds with an error', async t => {
  const failing = await startTarget(t, (_request, response) => response.writeHead(503).end())
  const sound = await startTarget(t, (_request, response) => response.end('sound'))
  const { url } = await startGateway(t, `
upstreams: { users: { targets: [${failing.url}, ${sound.url}], sticky: { secret: ${secret} } } }
routes: [{ path: /*, upstream: users }]
`)
  const answers = [await send(url, '/'), await send(url, '/')]
  assert.deepEqual(answers.map(({ status, headers }) => [status, headers['set-cookie']?.length]), [[503, undefined], [200, 1]])
})

test('an error of the gateway sets no cookie', async t => {
  const { ask, targets } = await setUp(t)
  await Promise.all(targets.map(async target => await target.close()))
  const { status, cookies } = await ask()
  assert.equal(status, 502)
  assert.deepEqual(cookies, [])
})

test('attributes that browsers refuse are refused in the file', () => {
  const refused = (keys: object) => {
    const pointers: string[] = []
    const sticky = { secret, path: '/', sameSite: 'lax', secure: true, httpOnly: true, ...keys } as never
    loadBalancing.config.check(smallConfig({ users: { sticky } }), ({ pointer }) => pointers.push(pointer))
    return pointers
  }
  assert.deepEqual(refused({}), [])
  assert.deepEqual(refused({ sameSite: 'none', cookie: '__Host-place' }), [])
  assert.deepEqual(refused({ sameSite: 'none', secure: false }), ['/upstreams/users/sticky/secure'])
  assert.deepEqual(
    refused({ cookie: '__Host-place', secure: false, path: '/app' }),
    ['/upstreams/users/sticky/cookie', '/upstreams/users/sticky/path']
  )
})

test('a cookie is worth nothing at another upstream, also with the same targets, secret and name', async t => {
  const { gateway, targets, ask } = await setUp(t, 'cookie: session')
  const pair = (await ask()).cookies.find(cookie => cookie.startsWith('session='))!.split(';')[0]!
  assert.deepEqual((await ask(pair)).cookies, ['theirs=1'])
  gateway.write(`
upstreams: { orders: { targets: [${targets.map(({ url }) => url).join(', ')}], sticky: { secret: ${secret}, cookie: session } } }
routes: [{ path: /*, upstream: orders }]`)
  assert.deepEqual((await gateway.gateway.reload('test')).problems, [])
  const { cookies } = await ask(pair)
  assert.equal(cookies.filter(cookie => cookie.startsWith('session=') && !cookie.startsWith(`${pair};`)).length, 1)
})

test('where a response was dropped for that of another target, the cookie names the one that has answered', async t => {
  const busy = await startTarget(t, (_request, response) => response.writeHead(429).end('busy'))
  const sound = await startTarget(t, (_request, response) => response.end('sound'))
  const { url } = await startGateway(t, `
upstreams: { users: { targets: [${busy.url}, ${sound.url}], retry: { on: [429] }, sticky: { secret: ${secret} } } }
routes: [{ path: /*, upstream: users }]
`)
  const first = await send(url, '/')
  assert.equal(first.text, 'sound')
  const again = await send(url, '/', { headers: { cookie: pairOf(first.headers['set-cookie']!) } })
  assert.deepEqual([again.text, again.headers['set-cookie'], busy.hits.length], ['sound', undefined, 1])
})

test('a route that splits its traffic binds clients at the part that is sticky', async t => {
  const targets = await Promise.all('ab'.split('').map(async letter => await startTarget(t, (_request, response) => response.end(letter))))
  const list = `targets: [${targets.map(({ url }) => url).join(', ')}]`
  const { url } = await startGateway(t, `
upstreams: { users: { ${list}, sticky: { secret: ${secret} } }, others: { ${list} } }
routes: [{ path: /*, split: [{ upstream: users, weight: 1 }, { upstream: others, weight: 0 }] }]
`)
  const first = await send(url, '/')
  for (let count = 0; count < 4; count++) {
    assert.equal((await send(url, '/', { headers: { cookie: pairOf(first.headers['set-cookie']!) } })).text, first.text)
  }
})

test('a session outweighs the priority of targets', async t => {
  const { gateway, targets } = await setUp(t)
  const [main, spare] = targets
  gateway.write(`
upstreams: { users: { targets: [${main!.url}, { url: ${spare!.url}, priority: 1 }], sticky: { secret: ${secret} } } }
routes: [{ path: /*, upstream: users }]
`)
  await gateway.gateway.reload('test')
  const drain = async (verb: string) => await (await fetch(
    `${gateway.admin}/upstreams/users/${verb}?target=${main!.url}`,
    { method: 'POST' }
  )).text()
  await drain('drain')
  const { text, headers } = await send(gateway.url, '/')
  await drain('undrain')
  assert.equal(text, 'b')
  assert.equal((await send(gateway.url, '/')).text, 'a')
  assert.equal((await send(gateway.url, '/', { headers: { cookie: pairOf(headers['set-cookie']!) } })).text, 'b')
})

test('targets that join later have a cookie too, and that of a target that has left names none', () => {
  const upstream = upstreamOf([1, 1])
  const sticky = new Sticky(upstream, { secret, path: '/', sameSite: 'lax', secure: true, httpOnly: true } as never)
  const [a, b] = upstream.targets
  const cookie = sticky.setCookie(a!)!.split(';')[0]!
  assert.equal(sticky.targetOf(exchange({ cookie })), a)
  const late = targetOf(upstream, 'x')
  upstream.setTargets([b!, late])
  assert.equal(sticky.targetOf(exchange({ cookie: sticky.setCookie(late)!.split(';')[0]! })), late)
  assert.deepEqual([sticky.setCookie(a!), sticky.targetOf(exchange({ cookie }))], [undefined, undefined])
})
