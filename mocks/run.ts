/** Runs a stand-in service as a process of its own. */

import type { MockService, ServiceOptions } from './service.ts'

/**
 * Starts the service on `HOST` (127.0.0.1) and `PORT` under `NAME`, sends spans to `OTEL_EXPORTER_OTLP_ENDPOINT`,
 * writes JSON log lines to stdout and stops on SIGTERM or SIGINT. `standard` has the name and port for when the
 * environment says nothing.
 */
export async function run (
  start: (options: ServiceOptions) => Promise<MockService>,
  standard: { name: string, port: number }
): Promise<void> {
  const { NAME, HOST, PORT, OTEL_EXPORTER_OTLP_ENDPOINT: traces } = process.env
  const log = (line: string): void => { process.stdout.write(`${line}\n`) }
  const service = await start({
    name: NAME || standard.name,
    host: HOST || '127.0.0.1',
    port: Number(PORT || standard.port),
    log,
    ...(traces ? { traces } : {})
  })
  const stop = (): void => { void service.close() }
  process.on('SIGTERM', stop).on('SIGINT', stop)
  log(JSON.stringify({ time: new Date().toISOString(), service: service.name, message: 'listening', url: service.url }))
}
