/** All contenders, and which of them are there. */

import { accessSync, constants, existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import type { Contender } from './contender.ts'
import { caddy } from './contenders/caddy.ts'
import { haproxy, haproxyAllOn } from './contenders/haproxy.ts'
import { nginx } from './contenders/nginx.ts'
import {
  onedoor, onedoorAllOn, onedoorNoConsole, onedoorObserved, onedoorRoutes10, onedoorRoutes10k, onedoorThreads
} from './contenders/onedoor.ts'
import { peers, peersFolder } from './contenders/peers.ts'

/** By name. */
export const contenders: ReadonlyMap<string, Contender> = new Map([
  nginx, haproxy, haproxyAllOn, caddy, ...peers, onedoor, onedoorObserved, onedoorAllOn, onedoorRoutes10, onedoorRoutes10k,
  ...onedoorThreads, ...onedoorNoConsole
].map(contender => [contender.name, contender]))

/** Why a contender cannot be measured here; undefined when it can. */
export function absence ({ program, peer }: Contender): string | undefined {
  if (program !== undefined && !onPath(program)) return `${program} is not installed`
  if (peer === true && !existsSync(join(peersFolder, 'node_modules'))) return 'the packages of bench/peers are not installed'
  return undefined
}

/** Whether a program is on the PATH. */
export function onPath (program: string): boolean {
  return (process.env['PATH'] ?? '').split(delimiter).some(folder => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
