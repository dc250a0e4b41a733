/** All scenarios, with what is promised of each. */

import type { Load, Row, Scenario } from './scenario.ts'

const usual: Load = { connections: 64, paths: ['/api/users/42'], body: 0, answer: 400, tls: false }
const manyPaths = Array.from({ length: 20_000 }, (_, index) => `/api/users/${100_000 + index}`)

const rows = (...contenders: readonly string[]): Row[] => contenders.map(contender => ({ contender }))
const proxies = rows('nginx', 'caddy', 'haproxy', 'reply-from', 'onedoor')

/** The same load with other clients. */
function fronts (name: string, load: Partial<Load>, contenders: readonly string[] = ['onedoor', 'nginx', 'haproxy', 'caddy']): Row[] {
  return contenders.map(contender => ({ contender, label: `${contender}, ${name}`, load }))
}

/** One path below each of so many routes, but no more than can be asked for in turn at no cost. */
function pathsOfRoutes (count: number): string[] {
  return Array.from({ length: count }, (_, index) => `/service-${index}/items/1`)
}

/** In the order in which they are run. */
export const scenarios: readonly Scenario[] = [
  {
    name: 'plain',
    about: 'one route, 400 B of JSON, nine header fields',
    load: usual,
    rows: rows('nginx', 'haproxy', 'caddy', 'reply-from', 'http-proxy', 'fast-gateway', 'http-proxy-3', 'onedoor', 'onedoor-observed'),
    references: ['reply-from', 'nginx'],
    goals: [
      { row: 'onedoor', than: 'reply-from', atMost: 0.72 },
      { row: 'onedoor', than: 'nginx', atMost: 3 },
      { row: 'onedoor-observed', than: 'reply-from', atMost: 0.9 }
    ]
  },
  {
    name: 'all-on',
    about: 'token, limit, breaker, health, weights, metrics, access log, request id, trace; nginx, caddy and reply-from are bare',
    load: usual,
    rows: rows('nginx', 'haproxy-all-on', 'caddy', 'reply-from', 'usual', 'usual-otel', 'onedoor-all-on'),
    references: ['reply-from', 'usual', 'haproxy-all-on', 'caddy'],
    goals: [
      { row: 'onedoor-all-on', than: 'reply-from', atMost: 1.05 },
      { row: 'onedoor-all-on', than: 'caddy', atMost: 1 },
      { row: 'onedoor-all-on', than: 'usual', atMost: 0.65 },
      { row: 'onedoor-all-on', than: 'haproxy-all-on', atMost: 2.5 }
    ]
  },
  {
    name: 'unique-paths',
    about: '20 000 paths in turn, beside one',
    load: { ...usual, paths: manyPaths },
    rows: [...rows('nginx', 'reply-from', 'onedoor'), { contender: 'onedoor', label: 'onedoor, one path', load: { paths: usual.paths } }],
    references: ['reply-from', 'onedoor, one path'],
    goals: [{ row: 'onedoor', than: 'onedoor, one path', atMost: 1.05 }]
  },
  {
    name: 'post-1k',
    about: 'requests with 1 KiB of JSON, 400 B back',
    load: { ...usual, body: 1024 },
    rows: proxies,
    references: ['reply-from', 'nginx'],
    goals: []
  },
  {
    name: '1k',
    about: 'answers of 1 KiB',
    load: { ...usual, answer: 1024 },
    rows: proxies,
    references: ['reply-from', 'nginx'],
    goals: []
  },
  {
    name: '64k',
    about: 'answers of 64 KiB',
    load: { ...usual, answer: 64 * 1024 },
    rows: proxies,
    references: ['reply-from', 'nginx'],
    goals: [{ row: 'onedoor', than: 'reply-from', atMost: 0.8 }]
  },
  {
    name: '1m',
    about: 'answers of 1 MiB',
    load: { ...usual, answer: 1024 * 1024 },
    rows: proxies,
    references: ['reply-from', 'nginx'],
    goals: [{ row: 'onedoor', than: 'reply-from', atMost: 0.95 }]
  },
  {
    name: 'tls',
    about: 'TLS to the target, verified',
    load: { ...usual, tls: true },
    rows: proxies,
    references: ['reply-from', 'nginx'],
    goals: []
  },
  {
    name: 'routes-10k',
    about: 'ten thousand routes, all of them asked for, beside ten',
    load: { ...usual, paths: pathsOfRoutes(10_000) },
    rows: [{ contender: 'onedoor-routes-10k' }, { contender: 'onedoor-routes-10', load: { paths: pathsOfRoutes(10) } }],
    references: ['onedoor-routes-10'],
    goals: [{ row: 'onedoor-routes-10k', than: 'onedoor-routes-10', atMost: 1.03 }]
  },
  {
    name: 'fronts',
    about: 'HTTP/1.1 and HTTP/2 with clients, plain and over TLS; 8 requests at once on each of 8 connections, or 1 on each of 64',
    load: usual,
    rows: [
      { contender: 'onedoor' },
      ...fronts('h1 tls', { front: { tls: true } }),
      ...fronts('h2c 8', { connections: 8, front: { tls: false, streams: 8 } }),
      ...fronts('h2 tls 8', { connections: 8, front: { tls: true, streams: 8 } }),
      ...fronts('h2 tls 1', { front: { tls: true, streams: 1 } }),
      ...fronts('h2 tls 8 to h2c', { connections: 8, front: { tls: true, streams: 8 }, http2: true }, ['onedoor', 'haproxy']),
      { contender: 'onedoor-all-on', label: 'onedoor-all-on, h2 tls 8', load: { connections: 8, front: { tls: true, streams: 8 } } }
    ],
    references: ['onedoor', 'caddy, h2 tls 8'],
    goals: [
      { row: 'onedoor, h1 tls', than: 'onedoor', atMost: 1.15 },
      { row: 'onedoor, h2 tls 8', than: 'onedoor', atMost: 1.25 },
      { row: 'onedoor-all-on, h2 tls 8', than: 'caddy, h2 tls 8', atMost: 1 }
    ]
  },
  {
    name: 'threads',
    about: 'several threads beside one; gateway and load on two cores together',
    load: usual,
    together: true,
    rows: ['onedoor', 'onedoor-all-on'].flatMap(name => rows(name, `${name}-threads-2`, `${name}-threads-4`)),
    references: ['onedoor', 'onedoor-all-on'],
    goals: ['onedoor', 'onedoor-all-on'].map(name => ({ row: `${name}-threads-2`, than: name, atMost: 1.08 }))
  },
  {
    name: 'console',
    about: 'the console, which no client watches, beside none',
    load: usual,
    rows: rows('onedoor-no-console', 'onedoor', 'onedoor-all-on-no-console', 'onedoor-all-on'),
    references: ['onedoor-no-console', 'onedoor-all-on-no-console'],
    goals: ['onedoor', 'onedoor-all-on'].map(name => ({ row: name, than: `${name}-no-console`, atMost: 1.01 }))
  },
  ...[1, 16, 64, 256].map(connections => ({
    name: `connections-${connections}`,
    about: `plain, with ${connections} connections`,
    load: { ...usual, connections },
    rows: rows('nginx', 'reply-from', 'onedoor'),
    references: ['reply-from', 'nginx'],
    goals: []
  }))
]
