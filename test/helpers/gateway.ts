/** A real gateway for tests: its file in a folder of its own, listeners on free ports, its log in memory. */

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { TestContext } from 'node:test'
import { Gateway, type GatewayOptions } from '../../src/gateway/gateway.ts'
import { createLogger } from '../../src/logging/log.ts'
import { memoryLog } from '../../src/testing/memory-log.ts'

export interface TestGateway {
  readonly gateway: Gateway
  /** Base URL of the public listener. */
  readonly url: string
  /** Base URL of the admin listener. */
  readonly admin: string
  readonly folder: string
  readonly file: string
  /** Every log line so far, parsed. */
  readonly logs: readonly Record<string, unknown>[]
  /** Resolves with the first line, past or to come, that fits. */
  readonly logged: (fits: (line: Record<string, unknown>) => boolean) => Promise<Record<string, unknown>>
  /** Replaces the file. `server` and `admin` ports are kept at 0. */
  readonly write: (yaml: string) => void
}

const ports = 'server: { host: 127.0.0.1, port: 0 }\nadmin: { port: 0 }\n'

/** Lets a test leave out the listeners: without `server:` and `admin:` both get free ports. */
export function withPorts (yaml: string): string {
  const missing = ports.split('\n').filter(line => line !== '' && !yaml.match(new RegExp(`^${line.split(':')[0]}:`, 'm')))
  return [...missing, yaml].join('\n')
}

/**
 * Starts a gateway on `yaml` and stops it with the test. `files` are written beside the configuration first.
 * @param options.threaded whether it has as many threads as `server.threads` says, as `onedoor start` does
 */
export async function startGateway (
  t: TestContext,
  yaml: string,
  options: Partial<GatewayOptions> & { files?: Readonly<Record<string, string>>, threaded?: boolean } = {}
): Promise<TestGateway> {
  const { files = {}, threaded = false, ...rest } = options
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  const file = join(folder, 'gateway.yaml')
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true })
    writeFileSync(join(folder, name), text)
  }
  writeFileSync(file, withPorts(yaml))
  const log = memoryLog()
  const logger = createLogger({ level: 'info', format: 'json' }, log.stream)
  const gateway = new Gateway({ file, env: {}, logger, ...rest }, undefined, threaded)
  t.after(async () => {
    await gateway.close(0)
    rmSync(folder, { recursive: true, force: true })
  })
  const addresses = await gateway.start()
  return {
    gateway,
    url: addresses.proxy,
    admin: addresses.admin ?? '',
    folder,
    file,
    logs: log.lines,
    logged: log.logged,
    write: text => writeFileSync(file, withPorts(text))
  }
}
