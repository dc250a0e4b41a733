/** Location and Set-Cookie of services that do not know under which path their clients reach them. */

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { outsideCookie, outsideLocation, type Passage } from '../../plugins/core/proxying/public-location.ts'
import { send } from '../helpers/client.ts'
import { startGateway } from '../helpers/gateway.ts'
import { startTarget } from '../helpers/target.ts'

const passage = (more: Partial<Passage> = {}): Passage => ({
  own: ['http://10.0.0.7:3000', 'https://own.internal'],
  ownNames: ['10.0.0.7', 'own.internal'],
  clientHost: 'Shop.example:8080',
  basePath: '',
  prefix: '/api',
  ...more
})
const plain = passage({ prefix: '' })
const based = passage({ prefix: '', basePath: '/v2' })
const both = passage({ basePath: '/v2' })

for (const [location, where, expected] of [
  // Paths.
  ['/login.php', passage(), '/api/login.php'], ['/', passage(), '/api/'], ['/?a=1', passage(), '/api/?a=1'], [
    '/a%2Fb?x=/y#z',
    passage(),
    '/api/a%2Fb?x=/y#z'
  ],
  ['/api/login', passage(), '/api/login'], ['/api', passage(), '/api'], ['/api?x', passage(), '/api?x'], ['/apix', passage(), '/api/apix'],
  ['/login', plain, '/login'], [
    '/v2/login',
    based,
    '/login'
  ], ['/v2', based, '/'], ['/v2?x', based, '/?x'], ['/other', based, '/other'], ['/v2x', based, '/v2x'],
  ['/v2/login', both, '/api/login'], ['/v2', both, '/api/'], ['/login', both, '/login'], ['/api/login', both, '/api/login'],
  // URLs of the service.
  ['http://10.0.0.7:3000/x?y', passage(), '/api/x?y'], ['http://10.0.0.7:3000', passage(), '/api/'],
  ['http://10.0.0.7:3000?y', passage(), '/api/?y'], ['HTTPS://OWN.internal/x', passage(), '/api/x'],
  ['http://10.0.0.7:3000/x', plain, '/x'], ['http://10.0.0.7:3000/v2/x', both, '/api/x'],
  ['http://10.0.0.7:3000/w', both, 'http://10.0.0.7:3000/w'],
  // URLs of the host that the client asked for.
  ['http://shop.example:8080/x', passage(), 'http://shop.example:8080/api/x'],
  ['https://SHOP.example:8080', passage(), 'https://SHOP.example:8080/api/'],
  ['http://shop.example:8080/api/x', passage(), 'http://shop.example:8080/api/x'],
  ['http://shop.example:8080/x', plain, 'http://shop.example:8080/x'],
  ['http://shop.example:8080/v2/x', both, 'http://shop.example:8080/api/x'],
  // Everything else.
  ['http://shop.example/x', passage(), 'http://shop.example/x'],
  ['http://10.0.0.7:30001/x', passage(), 'http://10.0.0.7:30001/x'],
  ['http://10.0.0.7:3000.evil/x', passage(), 'http://10.0.0.7:3000.evil/x'],
  ['http://10.0.0.7:3000@evil/x', passage(), 'http://10.0.0.7:3000@evil/x'], ['//elsewhere/x', passage(), '//elsewhere/x'],
  ['next?a=b', passage(), 'next?a=b'], ['../x', passage(), '../x'], ['', passage(), ''], ['?x', passage(), '?x'],
  ['mailto:a@b', passage(), 'mailto:a@b'], ['ftp://10.0.0.7:3000/x', passage(), 'ftp://10.0.0.7:3000/x']
] as const) {
  test(
    `Location ${location} is ${expected} outside (${where.basePath}, ${where.prefix})`,
    () => assert.equal(outsideLocation(location, where), expected)
  )
}

for (const [cookie, where, expected] of [
  [
    'a=1; Path=/foo; HttpOnly',
    passage(),
    'a=1; Path=/api/foo; HttpOnly'
  ], ['a=1;path=/foo/', passage(), 'a=1;path=/api/foo/'], ['a=1; PATH = /foo', passage(), 'a=1; PATH =/api/foo'],
  ['a=1; Path=/', passage(), 'a=1; Path=/'], ['a=1; Path=/api/foo', passage(), 'a=1; Path=/api/foo'],
  ['a=1; Path', passage(), 'a=1; Path'], ['a=1; Path=foo', passage(), 'a=1; Path=foo'], ['a=1', passage(), 'a=1'],
  ['a=/foo; Secure', passage(), 'a=/foo; Secure'],
  ['a=1; Path=/v2', both, 'a=1; Path=/api'], [
    'a=1; Path=/v2/',
    both,
    'a=1; Path=/api/'
  ], ['a=1; Path=/v2', based, 'a=1; Path=/'], ['a=1; Path=/w', based, 'a=1; Path=/w'], ['a=1; Path=/foo', plain, 'a=1; Path=/foo'],
  ['a=1; Domain=10.0.0.7; Secure', plain, 'a=1; Secure'], [
    'a=1; domain=.OWN.internal; Path=/x',
    passage(),
    'a=1; Path=/api/x'
  ], ['a=1; Domain=shop.example', passage(), 'a=1; Domain=shop.example'], ['a=1; Domain=internal', passage(), 'a=1; Domain=internal'],
  [
    'a=1; Domain=10.0.0.7',
    passage({ clientHost: '10.0.0.7:80' }),
    'a=1; Domain=10.0.0.7'
  ], ['Path=/foo; a', passage(), 'Path=/foo; a'], ['a=1; Path=/x; Path=/y', passage(), 'a=1; Path=/api/x; Path=/api/y']
] as const) {
  test(
    `Set-Cookie ${cookie} is ${expected} outside (${where.basePath}, ${where.prefix})`,
    () => assert.equal(outsideCookie(cookie, where), expected)
  )
}

test('an application that knows nothing of its prefix works behind it', async t => {
  const target = await startTarget(t, (request, response) => {
    const { host } = request.headers
    response.writeHead(302, {
      location: request.url === '/absolute' ? `http://${host}/login.php` : '/login.php',
      'set-cookie': ['sid=1; Path=/admin', `own=2; Domain=${host!.split(':')[0]}; Path=/`]
    }).end()
  })
  const php = await startTarget(
    t,
    (request, response) => {
      response.writeHead(302, { location: `https://${String(request.headers['x-forwarded-host'])}/login.php` }).end()
    }
  )
  const { url } = await startGateway(t, `
upstreams:
  target: { targets: ["${target.url}"] }
  client: { targets: ["${target.url}"], host: client }
  named: { targets: ["${target.url}"], host: "php.internal:81" }
routes:
  - { path: /target/*, upstream: target, stripPrefix: /target/ }
  - { path: /client/*, upstream: client, stripPrefix: /client }
  - { path: /named/*, upstream: named, stripPrefix: /named }
  - { path: /*, upstream: client, stripPrefix: /elsewhere }
`)
  const answers = async (path: string) => {
    const { headers } = await send(url, path, { headers: { host: 'shop.example' } })
    return [headers.location, ...headers['set-cookie'] ?? []]
  }
  assert.deepEqual(await answers('/target/x'), ['/target/login.php', 'sid=1; Path=/target/admin', 'own=2; Path=/'])
  assert.deepEqual(await answers('/target/absolute'), ['/target/login.php', 'sid=1; Path=/target/admin', 'own=2; Path=/'])
  assert.deepEqual(
    await answers('/client/absolute'),
    ['http://shop.example/client/login.php', 'sid=1; Path=/client/admin', 'own=2; Domain=shop.example; Path=/']
  )
  assert.deepEqual(await answers('/named/absolute'), ['/named/login.php', 'sid=1; Path=/named/admin', 'own=2; Path=/'])
  // The host is the one that a proxy in front was asked for.
  const proxied = await startGateway(t, `
server: { host: 127.0.0.1, port: 0, trustProxy: [loopback] }
routes: [{ path: /php/*, target: "${php.url}", stripPrefix: /php }]
`)
  assert.equal(
    (await send(proxied.url, '/php/x', { headers: { host: 'inner', 'x-forwarded-host': 'outer.example' } })).headers.location,
    'https://outer.example/php/login.php'
  )
  // Nothing was taken off, so nothing is put back.
  assert.deepEqual(await answers('/x'), ['/login.php', 'sid=1; Path=/admin', 'own=2; Domain=shop.example; Path=/'])
  assert.deepEqual(target.hits.map(({ headers }) => headers['x-forwarded-prefix']), ['/target', '/target', '/client', '/named', undefined])
})
