/** A gateway for a test. */

import { fileURLToPath } from 'node:url'
import type { Random } from '../contract/clock.ts'
import { createGateway, type EmbeddedGateway } from '../gateway/create-gateway.ts'
import type { GivenPlugin, InlineConfig } from '../gateway/gateway-options.ts'
import { createLogger } from '../logging/log.ts'
import { memoryLog, type LogLine } from './memory-log.ts'
import { testClock, type TestClock } from './test-clock.ts'
import type { TestScope } from './test-scope.ts'

export interface TestGatewayOptions {
  /** Plugins that the configuration may name, as in `policies: { mine: { plugin: name } }`. */
  readonly plugins?: Readonly<Record<string, GivenPlugin>>
  /** The folder to which relative paths refer. By default the working directory; a file is in its own folder. */
  readonly folder?: string
  /** Values of the `${VARIABLES}` of the configuration. By default there are none. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Opens both listeners on free ports of 127.0.0.1. By default none is open, and `inject` is the way in. */
  readonly listen?: boolean
  /** By default one of its own, which shows the current date and stands still. */
  readonly clock?: TestClock
  /** By default `Math.random`. */
  readonly random?: Random
}

/** A gateway under test. Its functions may be taken out of it. */
export interface TestGateway {
  /** The gateway itself. */
  readonly gateway: EmbeddedGateway
  /** Sends a request through the gateway, see {@link EmbeddedGateway.inject}. */
  readonly inject: EmbeddedGateway['inject']
  /** Says what would happen to a request, see {@link EmbeddedGateway.explain}. */
  readonly explain: EmbeddedGateway['explain']
  /** Reloads the configuration, see {@link EmbeddedGateway.reload}. */
  readonly reload: EmbeddedGateway['reload']
  /** Closes it before the test ends, see {@link EmbeddedGateway.close}. */
  readonly close: EmbeddedGateway['close']
  /** The time of the gateway, which the test advances. */
  readonly clock: TestClock
  /** Every line of the log so far, parsed. */
  readonly logs: readonly LogLine[]
  /** Resolves with the first line of the log, past or to come, that fits. */
  readonly logged: (fits: (line: LogLine) => boolean) => Promise<LogLine>
  /** The base URL of the public listener. @throws Error without `listen` */
  readonly url: string
  /** The base URL of the admin listener. @throws Error without `listen`, or where the configuration disables it */
  readonly admin: string
}

/**
 * Starts a gateway that ends with the test.
 * @param config YAML text, a plain object, or the URL of a file
 * @throws ConfigRefused with all problems of the configuration
 *
 * @example
 * test('members only', async t => {
 *   const upstream = await stubUpstream(t)
 *   const door = await testGateway(t, `routes: [{ path: /*, target: ${upstream.url} }]`)
 *   assert.equal((await door.inject('/users')).statusCode, 200)
 * })
 */
export async function testGateway (t: TestScope, config: InlineConfig | URL, options: TestGatewayOptions = {}): Promise<TestGateway> {
  const { listen = false, clock = testClock(), env = {}, ...given } = options
  const log = memoryLog()
  const gateway = createGateway({
    ...config instanceof URL ? { file: fileURLToPath(config) } : { config },
    ...given,
    env,
    clock,
    logger: createLogger({ level: 'info', format: 'json' }, log.stream)
  })
  t.after(async () => { await gateway.close({ timeout: 0 }) })
  if (listen) await gateway.start({ host: '127.0.0.1', port: 0, adminPort: 0 })
  else await gateway.ready()
  const address = (which: 'proxy' | 'admin'): string => {
    const found = gateway.addresses?.[which]
    if (found === undefined) throw new Error(`the gateway has no ${which} listener: give testGateway the option \`listen: true\``)
    return found
  }
  return {
    gateway,
    clock,
    logs: log.lines,
    logged: log.logged,
    inject: async request => await gateway.inject(request),
    explain: async request => await gateway.explain(request),
    reload: async next => await gateway.reload(next),
    close: async closing => await gateway.close(closing),
    get url () { return address('proxy') },
    get admin () { return address('admin') }
  }
}
