/** `onedoor config`: shows the effective configuration. */

import { dump } from 'js-yaml'
import { effectiveConfig } from '../config/show/effective.ts'
import { asWritten } from '../config/show/as-written.ts'
import type { Arguments } from './command.ts'
import { choose, load } from './configuration.ts'
import { exit, type Io } from './io.ts'

export async function showConfig (args: Arguments, io: Io): Promise<number> {
  const loaded = await load(choose(args, io, 0))
  const shown = asWritten(loaded, effectiveConfig(loaded))
  io.stdout.write(args.has('json') ? `${JSON.stringify(shown, null, 2)}\n` : dump(shown, { lineWidth: 140 }))
  return exit.ok
}
