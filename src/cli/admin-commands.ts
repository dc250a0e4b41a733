/** The commands that ask the running gateway, through its admin listener. */

import { configOption } from './arguments.ts'
import { logLevels } from '../logging/log-levels.ts'
import type { Command } from './command.ts'

const json = { description: 'Machine-readable output.' }
const reason = { value: 'TEXT', description: 'Why, for the log and the events.' }

/** How the admin listener is reached. */
export const adminOptions = {
  url: { value: 'URL', description: 'Base URL of the admin listener; by default the configured one.' },
  token: { value: 'TOKEN', description: 'Admin token; by default the configured one.' }
}

export const adminCommands: readonly Command[] = [
  {
    name: 'health',
    summary: 'ask the running gateway whether it is ready, for container health checks',
    positionals: '[FILE]',
    most: 1,
    options: {
      ...configOption,
      url: { value: 'URL', description: 'URL to request; by default /readyz of the configured admin listener.' }
    },
    examples: ['onedoor health', 'onedoor health --url http://127.0.0.1:9901/readyz'],
    load: async () => (await import('./health.ts')).health
  },
  {
    name: 'reload',
    summary: 'make the running gateway reload its file',
    positionals: '[FILE]',
    most: 1,
    options: { ...configOption, ...adminOptions, json },
    examples: ['onedoor reload'],
    load: async () => (await import('./reload.ts')).reload
  },
  {
    name: 'upstreams',
    summary: 'show the targets of the running gateway: which are open, and why not',
    positionals: '[NAME]',
    most: 1,
    options: { ...configOption, ...adminOptions, json },
    examples: ['onedoor upstreams', 'onedoor upstreams users --json'],
    load: async () => (await import('./upstreams.ts')).upstreams
  },
  {
    name: 'drain',
    summary: 'keep new requests of the running gateway away from a target',
    positionals: 'UPSTREAM TARGET',
    most: 2,
    details: 'Requests under way finish. A drain survives reloads, not a restart of the gateway. The log and the events say who drained ' +
      'a target, and why.',
    options: {
      for: { value: 'DURATION', description: 'End the drain after this time, such as 10m; by default `onedoor undrain` ends it.' },
      reason,
      force: { description: 'Drain the target also when no other target of the upstream is open.' },
      ...configOption,
      ...adminOptions,
      json
    },
    examples: ['onedoor drain users http://10.0.0.7:3000', "onedoor drain users http://10.0.0.7:3000 --for 10m --reason 'new kernel'"],
    load: async () => (await import('./drain.ts')).drain
  },
  {
    name: 'undrain',
    summary: 'let requests go to a drained target again',
    positionals: 'UPSTREAM TARGET',
    most: 2,
    options: { reason, ...configOption, ...adminOptions, json },
    examples: ['onedoor undrain users http://10.0.0.7:3000'],
    load: async () => (await import('./drain.ts')).undrain
  },
  {
    name: 'breaker',
    summary: 'open or close the circuit breaker of a target of the running gateway',
    positionals: 'UPSTREAM TARGET open|closed',
    most: 3,
    details: 'An open one keeps requests away from the target; when its time is over, requests try the target. The upstream needs ' +
      'circuitBreaker; `onedoor drain` works without. The log and the events say who did it, and why.',
    options: {
      for: { value: 'DURATION', description: 'How long it is open, such as 10m, at most 24h; by default 10m.' },
      reason,
      ...configOption,
      ...adminOptions,
      json
    },
    examples: [
      "onedoor breaker users http://10.0.0.7:3000 open --for 5m --reason 'bad deployment'",
      'onedoor breaker users http://10.0.0.7:3000 closed'
    ],
    load: async () => (await import('./breaker.ts')).breaker
  },
  {
    name: 'limits',
    summary: 'show which clients the rate limits of the running gateway reject now',
    positionals: '',
    most: 0,
    details: 'Lists up to 100 keys. Values of headers, cookies and query parameters may be secrets, so a digest stands for them; it is ' +
      'the same as long as the gateway runs.',
    options: { ...configOption, ...adminOptions, json },
    examples: ['onedoor limits', "onedoor limits --json | jq '.[].limited'"],
    load: async () => (await import('./limits.ts')).limits
  },
  {
    name: 'reset-limit',
    summary: 'give a key of a rate limit of the running gateway all its units back',
    positionals: 'POLICY KEY',
    most: 2,
    details: 'KEY is what `onedoor limits` shows, without the tier: the key is reset in all tiers. A limit in Redis is reset for all ' +
      'gateways. The log and the events say who did it, and why.',
    options: { reason, ...configOption, ...adminOptions, json },
    examples: ["onedoor reset-limit per-client 203.0.113.7 --reason 'ticket 4711'"],
    load: async () => (await import('./limits.ts')).resetLimit
  },
  {
    name: 'log-level',
    summary: 'show the level of the log of the running gateway, or change it until the next reload',
    positionals: '[LEVEL]',
    most: 1,
    words: logLevels,
    options: { ...configOption, ...adminOptions, json },
    examples: ['onedoor log-level', 'onedoor log-level debug'],
    load: async () => (await import('./log-level.ts')).logLevel
  },
  {
    name: 'maintenance',
    summary: 'let the running gateway respond 503 to all requests, or end that',
    positionals: '[on|off]',
    most: 1,
    words: ['on', 'off'],
    details: 'Without an argument it shows the state. Exceptions and Retry-After are those of server.maintenance. Reloads keep the ' +
      'switch, a restart does not. `off` does not end the maintenance that the configuration asks for.',
    options: { reason, ...configOption, ...adminOptions, json },
    examples: ["onedoor maintenance on --reason 'new database'", 'onedoor maintenance off'],
    load: async () => (await import('./maintenance.ts')).maintenance
  }
]
