/** Generates the page about events from the contract and the table of log lines. */

import { readFileSync } from 'node:fs'
import { eventLines, eventTypes } from '../../gateway/event-log.ts'
import type { EventType } from '../../contract/events.ts'
import { item, wrap } from './markdown.ts'

interface Entry {
  readonly fields: readonly string[]
  readonly help: string
}

/** The fields of shared interfaces, by the name of the interface. */
const shared: Readonly<Record<string, readonly string[]>> = {
  TargetName: ['upstream', 'target'],
  SourceName: ['upstream', 'source'],
  Signature: ['by', 'via'],
  ReloadAsked: ['trigger', 'by', 'via', 'reason']
}

/** Returns the page as Markdown. */
export function eventsPage (): string {
  const entries = readContract()
  const parts = [...opening, eventTypes.map(type => item(entryOf(type, entries.get(type)!))).join('\n'), ...closing]
  return `${parts.join('\n\n')}\n`
}

/** Reads the comments of the contract, by event type. */
export function readContract (): ReadonlyMap<string, Entry> {
  const source = readFileSync(new URL('../../contract/events.ts', import.meta.url), 'utf8')
  const start = source.indexOf('export interface EventFields')
  const body = source.slice(start, source.indexOf('\n}\n', start))
  return new Map([...body.matchAll(/\/\*\* (.+?) \*\/\n {2}'([\w-]+)': ([^]+?)(?=\n {2}\/\*\*|$)/g)].map(([, help, type, fields]) => {
    const common = Object.entries(shared).flatMap(([name, names]) => fields!.split('{')[0]!.includes(name) ? names : [])
    return [type!, { help: help!, fields: [...common, ...[...fields!.matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name!)] }]
  }))
}

function entryOf (type: EventType, { fields, help }: Entry): string {
  const named = fields.length === 0 ? '' : ` Fields: ${fields.map(name => `\`${name}\``).join(', ')}.`
  return `**\`${type}\`**: ${help}${named}${lineOf(type)}`
}

function lineOf (type: EventType): string {
  if (type === 'plugin') return ' Log: the message, at `level`.'
  const line = eventLines[type]
  return line === undefined ? '' : ` Log: “${line.message}”, \`${line.level}\`.`
}

const opening = [
  '# Events',
  wrap(`The gateway keeps the last 1000 things that happened in it: targets that open and close, reloads, limits, services that do not
    respond, the shutdown. The log, the admin listener and plugins read the same stream. It outlives reloads and ends with the process.
    Requests are no events: they are in the [access log](logging.md) and in [metrics](metrics.md).`),
  wrap('This page is generated from `src/contract/events.ts` (`npm run generate`).'),
  '## Read events',
  wrap('`GET /events` of the [admin listener](operations.md#the-admin-listener) lists the latest events as JSON, the oldest first:'),
  [
    '```console',
    "$ curl -s 'localhost:9901/events?since=0&type=gateway-started,target-drained'",
    '[{"type":"gateway-started","proxy":"…:8080","admin":"http://127.0.0.1:9901","listeners":["…:8080"],' +
      '"number":…,"time":…,"generation":1}]',
    '```'
  ].join('\n'),
  [
    item(`\`since=N\` leaves out events up to number N. Numbers begin with 1 after a restart; a number that no event has yet lists all.`),
    item('`type=A,B` leaves out all other types. It may be repeated.')
  ].join('\n'),
  wrap('With `Accept: text/event-stream` the same URL sends events as they happen, as Server-Sent Events:'),
  [
    '```text',
    "$ curl -sN -H 'accept: text/event-stream' localhost:9901/events",
    'id: 43',
    'data: {"type":"target-undrained","upstream":"users","target":"http://127.0.0.1:9001","number":43,"time":1795255454711,"generation":1}',
    '```'
  ].join('\n'),
  [
    item(`The stream begins with the next event. With \`since\`, or the field Last-Event-ID that a browser sends when it connects again, it
      begins with the events that the client has missed.`),
    item('At most eight clients read the stream at once. The next one gets a 503.'),
    item('A comment is sent every 15 seconds. A client that falls more than 1 MiB behind is disconnected.'),
    item('A reload disconnects no client, unless it changes `admin`: then clients must connect again under the new rules.'),
    item('The stream ends when the gateway begins to drain. Its last event is `drain-started`.')
  ].join('\n'),
  '## Types',
  wrap(`Every event has \`type\`, \`number\`, \`time\` (milliseconds since 1970) and \`generation\`, the number of the configuration that
    served when it happened (0 while the first one is built). \`error\` is the message of the error behind it, if there is one.
    With several [threads](../understand/threads.md), \`thread\` is the number of the thread in which it happened, where that serves
    clients.`),
  wrap(`\`by\` is the address of an operator who made the change. \`via\` says how the
    [admin listener](operations.md#who-may-use-it) recognized the operator: \`loopback\` where it asks for no token, \`token\` or
    \`session\`.`),
  wrap(`Secrets of the configuration are replaced by \`[redacted]\`. Texts are cut after 2000 characters and lists after 100 items. The
    log line has the same fields, complete, and \`err\` instead of \`error\`.`)
]

const closing = [
  '## Events of plugins',
  wrap('A plugin emits its own events as `plugin` and subscribes to all:'),
  [
    '```ts',
    '// plugins/pager.ts',
    "import type { FastifyInstance } from 'onedoor'",
    '',
    'export default async function pager (app: FastifyInstance): Promise<void> {',
    '  const { events } = app.gateway',
    '  events.subscribe(event => {',
    "    if (event.type !== 'circuit-opened') return",
    "    events.emit({ type: 'plugin', plugin: 'pager', message: 'paged', data: { target: event.target } })",
    '  })',
    '}',
    '```'
  ].join('\n'),
  ['```YAML', 'plugins: [./plugins/pager.ts]', 'routes:', '  - { path: /, respond: { text: hello } }', '```'].join('\n'),
  [
    item('A listener is called at once, so it must return soon. An error that it throws is logged and has no other effect.'),
    item(`A listener is called while its configuration serves, so that a reload delivers no event twice. The gateway ends the subscription
      when another configuration takes over.`),
    item('A listener is not called for the events that it emits.'),
    item(`With several [threads](../understand/threads.md) a plugin runs in each of them, and the listener in the control thread is called,
      for the events of all threads: so somebody is paged once. What every thread has to know goes through a task:`),
    [
      '  ```ts',
      '  const task = app.gateway.task<GatewayEvent, GatewayEvent>({',
      "    kind: 'pager',",
      "    key: 'events',",
      '    start: publish => ({ stop () {}, answer: publish }),',
      '    learn: event => { /* called in every thread */ }',
      '  })',
      '  app.gateway.events.subscribe(event => { void task.ask(event) })',
      '  ```'
    ].join('\n'),
    item(`\`level\` is that of the log line: \`info\` unless given, \`warn\` or \`error\`. The second argument
      of \`emit\` is the error behind
      the event.`),
    item('`events` may be kept in a resource: `emit` works as long as the gateway runs.'),
    item('`events.recent()` returns the latest events, the oldest first. In a rehearsal nothing is emitted and no listener is called.'),
    item(`Emit what happens seldom, and count the rest in metrics. \`new QuietPeriod().isFirst(now)\` tells the first occurrence after a
      quiet minute from those that follow.`)
  ].join('\n')
]
