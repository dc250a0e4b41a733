/** Targets that two readers could take for different ones, where everything goes to one service. */

import type { Attack, Theme } from '../case.ts'
import { get, shown } from '../write.ts'

const refused = { client: [[400]], reaches: 'nothing' } as const

/** What any proxy must get right: whatever it makes of these, it makes it strictly valid. */
const anywhere = new Set([
  '/a#b', '/caf\xe9', '/a\x01', '/a\x00b', '/a\x7f', '/?\xe9', '/%00', '/a%0d%0aX: y', '/..', '/a/../b', '/%2e%2e/a',
  '/a\\b', '/%c0%ae%c0%ae/a', '/%zz', '/%252e%252e/a'
])

const bad: Attack[] = [
  '/..', '/../', '/a/..', '/a/../b', '/./a', '/a/.', '/%2e', '/%2E/a', '/%2e%2e/a', '/%2E%2e/a', '/.%2e/a', '/%2e./a',
  '/a/%2e%2e%2fb', '/a/..%2fb', '/a%2f..%2fb', '/a/..%2Fb', '/a/..;/b', '/a/..;x=y/b', '/a/.;/b', '/a/%2e%2e;/b',
  '/a/..%3b/b', '/a;/../b',
  '/%252e%252e/a', '/%25252e%25252e/a', '/%252e%252e%252fa', '/a/..%252fb', '/a/..%5cb', '/a/..\\b', '/a\\b', '\\a',
  '/a%5cb', '/a%5Cb', '/%5c..%5ca', '/a%00', '/a%00b', '/%00', '/a%0ab', '/a%0d%0aX: y', '/a%0d', '/a%1f', '/a%7f',
  '/a%09b',
  '/%', '/%a', '/%zz', '/%u002e', '/%%32%65', '/%c0%ae%c0%ae/a', '/%c0%af', '/%c1%9c', '/%e0%80%ae', '/%e0%80%af',
  '/%f0%80%80%ae', '/%f8%80%80%80%ae', '/%ff', '/%80', '/%ed%a0%80', '/%f4%90%80%80', '/%c3', '/a#b', '/#', '/a?b#c',
  '/caf\xe9', '/\xff', '/a\x01', '/a\x7f', '/a\x0bb', '/?a\x01', '/?\xe9', '/a\x00b'
].map(target => ({
  name: `target ${shown(target)}`,
  source: 'RFC 3986 §3.3, §5.2.4, §6.2.2; RFC 9112 §3.2; CVE-2021-21321, CVE-2021-32779, Unicode 15 table 3-7',
  send: get(target),
  ...refused,
  open: anywhere.has(target)
}))

const forms: Attack[] = [
  ['a', 'no leading slash'], ['*', 'an asterisk'], ['', 'nothing'], ['?a', 'only a query'],
  ['a.example:80', 'an authority'], ['//', 'two slashes'], ['http://', 'no authority'], ['http:///a', 'an empty authority'],
  ['http:/a', 'one slash'], ['http:a', 'no slash'],
  ['ftp://a.example/', 'another scheme'], ['file:///etc/passwd', 'a file'], ['gopher://a.example/', 'gopher'],
  ['javascript:alert(1)', 'a script'], ['http://user@a.example/', 'user information'],
  ['http://user:pw@a.example/', 'user and password'],
  ['http://a.example:99999/', 'a port that is none'], ['http://a.example:x/', 'a port that is a word'], [
    'http://a.example/../b',
    'dot segments behind an authority'
  ], ['http://a.example\\@b.example/', 'a backslash in the authority'], ['http://a.example#@b.example/', 'a fragment in the authority'],
  ['http://[::1/', 'a literal that stays open'], ['http://a b/', 'a space in the authority'],
  ['HTTP://%61/', 'an escape in the authority'], ['@b.example/', 'an at sign'], [':80/', 'a port'],
  ['unix:/tmp/x', 'a socket']
].filter(([target]) => target !== '//').map(([target, what]) => ({
  name: `a target that is ${what}: ${target}`, source: 'RFC 9112 §3.2', send: get(target!), ...refused, client: [[400, 405]]
}))

const passed: Attack[] = [
  ['/', '/'], ['/a%2fb', '/a%2fb'], ['/a%2Fb', '/a%2Fb'], ['//a', '//a'], ['/a//b/', '/a//b/'], ['/a;b=c', '/a;b=c'],
  ['/a%20b', '/a%20b'], ['/a%23b', '/a%23b'], ['/a%3fb', '/a%3fb'], ['/%41', '/%41'], ['/%7Ea', '/%7Ea'],
  ['/a.b..c', '/a.b..c'], ['/...', '/...'], ['/..a', '/..a'],
  ['/a?../../b', '/a?../../b'], ['/a?%00', '/a?%00'], ['/a??b', '/a??b'], ['/?', '/?'], ['/a?b=%zz', '/a?b=%zz'], [
    '/a?__proto__[x]=y&constructor=z',
    '/a?__proto__[x]=y&constructor=z'
  ], ['/%e2%98%83', '/%e2%98%83'], ['/{a}|^`"<>', '/{a}|^`"<>'], ['/a:b@c', '/a:b@c'],
  ['http://a.example/x?y', '/x?y'], ['http://other.example/x', '/x'], ['https://a.example/x', '/x'],
  ['HTTP://A.EXAMPLE/x', '/x'], ['http://a.example', '/'], ['http://a.example?q', '/?q'], ['http://[::1]:80/x', '/x'],
  ['/http://b.example/', '/http://b.example/'], ['/a/http://b.example', '/a/http://b.example']
].map(([target, seen]) => ({
  name: `target ${target} reaches the service as ${seen}`,
  source: 'RFC 9112 §3.2.1, §3.2.2, RFC 3986 §6.2.2',
  send: get(target!),
  client: [[200]],
  reaches: 1,
  seen: { target: seen! }
}))

export const targets: Theme = {
  name: 'request targets',
  attacks: [...bad, ...forms.map(attack => ({ ...attack, open: true })), ...passed]
}
