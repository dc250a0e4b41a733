/** The syntax of a request head, and who is asked for. */

import type { Attack, Theme } from '../case.ts'
import { get, lines, shown } from '../write.ts'

const refused = { client: [[400]], reaches: 'nothing', open: true } as const

const badFields: Attack[] = [
  'X : y', 'X\t: y', 'X\x0b: y', ' X: y', '\tX: y', ': y', ' : y', 'X', 'X y', 'X(: y', 'X): y', 'X/: y', 'X[: y',
  'X]: y', 'X{: y', 'X}: y', 'X": y', 'X,: y', 'X;: y', 'X=: y', 'X?: y', 'X@: y', 'X\\: y', 'X<: y', 'X>: y',
  'X\x00: y', 'X\x01: y', 'X\x7f: y', 'X\x80: y', 'X\xff: y', '\xefX: y', 'X: \x00', 'X: y\x00z', 'X: y\x01',
  'X: y\x08', 'X: y\x0b', 'X: y\x0c', 'X: y\x1b[2J', 'X: y\x7f',
  'X: y\rZ: a', 'X: y\nZ: a', 'X: y\r\r', 'X: y\n', 'X: y\r\n z', 'X: y\r\n\tz', 'X: y\r\n \r\n z', 'X:\r\n y'
].map(field => ({
  name: `field ${shown(field)}`,
  source: 'RFC 9112 §5, RFC 9110 §5.5; CVE-2021-22959, CVE-2023-30589',
  send: get('/', field),
  ...refused
}))

const goodFields: readonly (readonly [what: string, field: string, value: string])[] = [
  ['an empty value', 'X:', ''],
  ['a value with tabs around it', 'X:\t y \t', 'y'],
  ['bytes beyond ASCII in a value', 'X: caf\xe9 \xff', 'caf\xe9 \xff'],
  ['all marks of a token in a name', 'x!#$%&\'*+-.^`|~: y', 'y'],
  ['a colon in a value', 'X: a: b:', 'a: b:'],
  ['quotes that stay open in a value', 'X: "a', '"a']
]

const passed: Attack[] = goodFields.map(([what, field, value]) => ({
  name: `${what} passes as it is`, source: 'RFC 9110 §5.5', send: get(
    '/',
    field
  ), client: [[200]], reaches: 1, seen: { fields: { [field.slice(0, field.indexOf(':')).toLowerCase()]: [value] } }, open: true
}))

const requestLines: Attack[] = [
  'GET /', 'GET', '', 'GET\t/\tHTTP/1.1', ' GET / HTTP/1.1', '\tGET / HTTP/1.1', 'GET / HTTP/1.1 ', 'GET / HTTP/1.1 x',
  'GET / HTTP/1.1\t', 'GET / HTTP /1.1', 'GET / HTTP/ 1.1', 'GET / http/1.1',
  'GET / HTTP/0.9', 'GET / HTTP/1.2', 'GET / HTTP/1.10', 'GET / HTTP/11', 'GET / HTTP/1', 'GET / HTTP/1.',
  'GET / HTTP/.1', 'GET / HTTP/2.0', 'GET / HTTP/3.0', 'GET / HTTP/9.9', 'GET / HTTP/-1.1', 'GET / HTTP/1.1.1',
  'GET / HTTPS/1.1', 'GET / ICY/1.1',
  'GET / HTTP/1.\x00', 'GET / HTTP/1,1', 'GET / HTTQ/1.1', 'GET\x0b/ HTTP/1.1', 'GET\xa0/ HTTP/1.1',
  'G\x00ET / HTTP/1.1', 'GE T / HTTP/1.1', 'get / HTTP/1.1', 'Get / HTTP/1.1', 'GETX / HTTP/1.1', 'G@T / HTTP/1.1',
  'FOO / HTTP/1.1', '{} / HTTP/1.1'
].map(line => ({
  name: `request line ${shown(line)}`,
  source: 'RFC 9112 §2.3, §3',
  send: `${line}\r\n${lines('Host: a.example', 'Connection: close')}\r\n`,
  client: [[400, 405]],
  reaches: 'nothing',
  open: line !== '' && !/FOO|GETX|^get|^Get|^GET \/$/.test(line)
}))

const odd: Attack[] = ['GET  / HTTP/1.1', 'GET /  HTTP/1.1', 'GET / RTSP/1.0'].map(line => ({
  name: `request line ${shown(line)} is put right or refused`,
  source: 'RFC 9112 §3',
  send: `${line}\r\n${lines('Host: a.example', 'Connection: close')}\r\n`,
  client: [[200]],
  reaches: 1,
  seen: { target: '/' },
  open: true
}))

const endings: Attack[] = [
  { name: 'lines that end in LF', source: 'RFC 9112 §2.2', send: 'GET / HTTP/1.1\nHost: a.example\nConnection: close\n\n', ...refused },
  {
    name: 'a head that ends in LF',
    source: 'RFC 9112 §2.2',
    send: 'GET / HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\n',
    ...refused
  },
  {
    name: 'lines that end in CR',
    source: 'RFC 9112 §2.2',
    send: 'GET / HTTP/1.1\rHost: a.example\rConnection: close\r\r',
    leave: 'end',
    ...refused
  },
  {
    name: 'a request line that ends in LF',
    source: 'RFC 9112 §2.2',
    send: 'GET / HTTP/1.1\nHost: a.example\r\nConnection: close\r\n\r\n',
    ...refused
  },
  { name: 'LF CR instead of CR LF', source: 'llhttp fixtures', send: 'GET / HTTP/1.1\n\rHost: a.example\n\r\n\r', ...refused },
  { name: 'empty lines before a request', source: 'RFC 9112 §2.2', send: `\r\n\r\n${get('/')}`, client: [[200]], reaches: 1, open: true },
  { name: 'a NUL before a request', source: 'llhttp fixtures', send: `\x00${get('/')}`, ...refused },
  { name: 'a TLS handshake', source: 'h1spec', send: '\x16\x03\x01\x00\xa5\x01\x00\x00\xa1\x03\x03', ...refused },
  {
    name: 'the preface of HTTP/2',
    source: 'RFC 9113 §3.4',
    send: 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\x00\x00\x00\x04\x00\x00\x00\x00\x00',
    client: [[400, 405, 505]],
    reaches: 'nothing'
  },
  { name: 'a PROXY line', source: 'haproxy, PROXY protocol', send: `PROXY TCP4 10.0.0.1 10.0.0.2 1 2\r\n${get('/')}`, ...refused },
  {
    name: 'a PROXY block of version 2',
    source: 'haproxy, PROXY protocol',
    send: `\r\n\r\n\x00\r\nQUIT\n\x21\x11\x00\x0c\x0a\x00\x00\x01\x0a\x00\x00\x02\x00\x01\x00\x02${get('/')}`,
    ...refused
  },
  { name: 'an answer instead of a request', source: 'llhttp fixtures', send: 'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n', ...refused },
  { name: 'bytes that are no HTTP', source: 'h1spec', send: 'SSH-2.0-OpenSSH_9.9\r\n\r\n', ...refused }
]

const hosts: Attack[] = [
  '', ' ', 'user@a.example', 'a.example@b.example', 'a.example/x', 'a.example, b.example', 'a.example b.example',
  'a.example:', 'a.example:x', 'a.example:99999', 'a.example:-1', 'a.example:80:80', '.a.example', 'a..example',
  '%61.example', 'a.example#', 'a.example?',
  'a\\b', 'a;b', 'a"b', '<script>', "a'b", 'a.example\xff', '[::1', '::1', '[::1]x', '[::1%25lo]', '[zz]',
  'http://a.example', '{a}', 'a|b', 'a^b', '*', '..', 'a\tb'
].filter(host => host !== 'a.example:').map(host => ({
  name: `Host ${shown(host) || '(empty)'}`,
  source: 'RFC 9112 §3.2, RFC 9110 §7.2',
  send: `GET / HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`,
  client: [[400]],
  reaches: 'nothing',
  open: true
}))

const manyHosts: Attack[] = [
  { name: 'no Host', send: 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n' },
  { name: 'two Hosts', send: get('/', 'Host: b.example') },
  { name: 'one Host twice', send: get('/', 'host: a.example') },
  { name: 'a Host after other fields and one before', send: get('/', 'X: y', 'HOST: b.example') },
  { name: 'a Host that folds', send: 'GET / HTTP/1.1\r\nHost:\r\n a.example\r\nConnection: close\r\n\r\n' },
  { name: 'a Host with a space before the colon', send: 'GET / HTTP/1.1\r\nHost : a.example\r\nConnection: close\r\n\r\n' },
  { name: 'a first line that begins with white space', send: 'GET / HTTP/1.1\r\n Host: a.example\r\nConnection: close\r\n\r\n' },
  {
    name: 'two Hosts, one with white space before it',
    send: 'GET / HTTP/1.1\r\n Host: b.example\r\nHost: a.example\r\nConnection: close\r\n\r\n'
  },
  { name: 'two Hosts on HTTP/1.0', send: 'GET / HTTP/1.0\r\nHost: a.example\r\nHost: b.example\r\n\r\n' },
  { name: 'an absolute target does not excuse two Hosts', send: get('http://a.example/', 'Host: b.example') }
].map(attack => ({ source: 'RFC 9112 §3.2; PortSwigger, Host header attacks', ...attack, ...refused, must: true }))

const aliases: Attack[] = [
  'X_Forwarded_For: 10.0.0.1', 'Content_Length: 50', 'Transfer_Encoding: chunked', 'X_User_Id: 1', 'Host_: b.example',
  'AUTHORIZATION_: x', '__proto__: x', '_: x'
].map(field => ({
  name: `${field} is dropped, services may take it for its namesake`,
  source: 'GHSA-5m6w-wvh7-57vm, RFC 3875 §4.1.18',
  send: get('/', field),
  client: [[200]],
  reaches: 1,
  seen: { without: [field.split(':', 1)[0]!.toLowerCase()] },
  open: true
}))

const inherited: Attack[] = [
  'constructor', 'toString', 'hasOwnProperty', 'valueOf', 'then', 'length', 'prototype', '0', '-1', 'get', 'set-cookie',
  'NaN'
].map(name => ({
  name: `a field named ${name}`, source: 'CVE-2026-21710', send: get(
    '/',
    `${name}: y`
  ), client: [[200]], reaches: 1, seen: { fields: { [name.toLowerCase()]: ['y'] } }, open: true
}))

export const fields: Theme = {
  name: 'the syntax of heads, and Host',
  attacks: [...badFields, ...passed, ...requestLines, ...odd, ...endings, ...hosts, ...manyHosts, ...aliases, ...inherited]
}
