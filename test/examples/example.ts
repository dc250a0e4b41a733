/** An example as a user would start it, but on free ports. */

import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'
import { Gateway } from '../../src/gateway/gateway.ts'
import { createLogger } from '../../src/logging/log.ts'
import { certificateFiles } from './certificates.ts'
import { freePort } from '../helpers/target.ts'

/** The root of the project. */
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** A started example. */
export interface Started {
  /** Text with the ports of the example, such as a command of its README, put on those that were taken instead. */
  readonly moved: (text: string) => string
}

/** Starts `examples/<name>` and stops it with the test. Time stands still, so that no limit fills up meanwhile. */
export async function startExample (t: TestContext, name: string): Promise<Started> {
  const folder = mkdtempSync(join(tmpdir(), 'onedoor-'))
  t.after(() => rmSync(folder, { recursive: true, force: true }))
  cpSync(join(root, 'examples', name), folder, { recursive: true })
  const files = readdirSync(folder, {
    recursive: true,
    encoding: 'utf8'
  }).map(file => join(folder, file)).filter(file => file.endsWith('.yaml') && statSync(file).isFile())
  const ports = new Map<string, number>([['9901', await freePort()], ['8080', await freePort()]])
  for (const file of files) {
    for (const [port] of readFileSync(file, 'utf8').matchAll(portPattern)) if (!ports.has(port)) ports.set(port, await freePort())
  }
  const moved = (text: string): string => text.replace(portPattern, port => String(ports.get(port) ?? port))
  for (const file of files) writeFileSync(file, moved(readFileSync(file, 'utf8')))
  const file = join(folder, 'gateway.yaml')
  for (const [name, text] of Object.entries(certificateFiles(readFileSync(file, 'utf8')))) writeFileSync(join(folder, name), text)
  writeFileSync(file, withListeners(readFileSync(file, 'utf8'), ports))
  const gateway = new Gateway({
    file,
    env: {},
    logger: createLogger({ level: 'silent', format: 'json' }),
    clock: { now: () => 1000, wall: () => Date.now() }
  })
  t.after(async () => await gateway.close(0))
  await gateway.start()
  return { moved }
}

const portPattern = /\b(?:80[0-9]{2}|8443|90[0-9]{2}|9901)\b/g

/** Names the ports that the file leaves to their defaults. */
function withListeners (yaml: string, ports: ReadonlyMap<string, number>): string {
  const port = `port: ${ports.get('8080')}`
  const admin = `admin: { port: ${ports.get('9901')} }`
  const named = /^(?:server: \{|  )[^#]*\bport: \d/m.test(yaml.split(/^(?=[a-z])/m).find(part => part.startsWith('server:')) ?? '')
  if (/^server:/m.test(yaml)) return named ? `${admin}\n${yaml}` : `${admin}\n${yaml.replace(/^server:\n/m, `server:\n  ${port}\n`)}`
  return `${/^listeners:/m.test(yaml) ? '' : `server: { ${port} }\n`}${admin}\n${yaml}`
}
