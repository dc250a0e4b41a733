/** `onedoor token`: signs a token that a policy of the configuration accepts. */

import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { nearest } from '../config/check/nearest.ts'
import { parseDuration } from '../config/schema/units.ts'
import type { Arguments } from './command.ts'
import { choose, load } from './configuration.ts'
import { exit, type Io } from './io.ts'
import { mintersOf, type Minter, type Wishes } from './minter.ts'
import { UsageError } from './usage-error.ts'

export async function token (args: Arguments, io: Io): Promise<number> {
  const wishes = await wishesOf(args, io)
  const minter = chooseMinter(mintersOf(await load(choose(args, io))), args.positionals[0])
  const missing = minter.missing(wishes)
  if (missing.length > 0) {
    io.stderr.write(
      `onedoor: policy "${minter.policy}" will reject this token, it requires ${missing.join(', ')} — --claim ${missing[0]!}=…\n`
    )
  }
  io.stdout.write(`${minter.sign(wishes)}\n`)
  return exit.ok
}

async function wishesOf (args: Arguments, { cwd }: Io): Promise<Wishes> {
  const expires = args.text('expires') ?? '1h'
  const expiresIn = parseDuration(expires)
  if (expiresIn === undefined) throw new UsageError(`--expires ${expires} is not a duration`, 'such as 30s, 5m or 1h')
  const file = args.text('private-key')
  return {
    sub: args.text('sub') ?? 'developer',
    scope: args.text('scope'),
    expiresIn,
    claims: Object.fromEntries(args.all('claim').map(claimOf)),
    privateKey: file === undefined ? undefined : await readFile(resolve(cwd, file), 'utf8')
  }
}

/** Parses a claim: `admin=true` is a boolean, `team=[1,2]` a list, and a value that is not JSON is text. */
function claimOf (written: string): [name: string, value: unknown] {
  const equals = written.indexOf('=')
  if (equals < 1) throw new UsageError(`"${written}" is not a claim`, '--claim NAME=VALUE')
  const text = written.slice(equals + 1)
  try {
    return [written.slice(0, equals), JSON.parse(text)]
  } catch {
    return [written.slice(0, equals), text]
  }
}

function chooseMinter (minters: ReadonlyMap<string, Minter>, name: string | undefined): Minter {
  const [first, ...others] = minters.values()
  if (first === undefined) throw new Error('no policy of this configuration verifies tokens; name one with plugin: jwt-auth under policies')
  if (name === undefined) {
    if (others.length > 0) throw new UsageError('for which policy?', [...minters.keys()].join(', '))
    return first
  }
  const minter = minters.get(name)
  if (minter !== undefined) return minter
  const near = nearest(name, minters.keys())
  throw new UsageError(
    `no policy "${name}" verifies tokens`,
    near === undefined ? `there is ${[...minters.keys()].join(', ')}` : `did you mean "${near}"?`
  )
}
