/** `onedoor check`: validates a configuration without starting it. */

import type { Problem } from '../config/check/problem.ts'
import type { Arguments } from './command.ts'
import { choose, load } from './configuration.ts'
import { count } from './count.ts'
import { dryRun } from './dry-run.ts'
import { exit, type Io } from './io.ts'
import { paintOf } from './paint.ts'
import { plainProblem, problemsOf, writeProblems, type SourceText } from './problems.ts'
import { sizesOf, type Sizes } from './sizes.ts'

interface CheckResult {
  readonly ok: boolean
  readonly problems: readonly Problem[]
  readonly source: SourceText
  readonly sizes: Sizes | undefined
}

export async function check (args: Arguments, io: Io): Promise<number> {
  const verdict = await judge(args, io)
  const warnings = verdict.problems.some(({ severity }) => severity === 'warning')
  const ok = verdict.ok && !(args.has('strict') && warnings)
  const report = { ok, problems: verdict.problems.map(plainProblem), ...verdict.sizes }
  if (args.has('json')) io.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  else write(verdict, ok, io)
  return ok ? exit.ok : exit.problem
}

async function judge (args: Arguments, io: Io): Promise<CheckResult> {
  try {
    const built = await dryRun(await load(choose(args, io, 0)))
    await built.close()
    const { loaded } = built
    return {
      ok: true,
      problems: loaded.warnings,
      source: loaded.redactor.source(file => loaded.document.source(file)),
      sizes: sizesOf(loaded.config)
    }
  } catch (error) {
    const refused = problemsOf(error)
    if (refused === undefined) throw error
    return { ok: false, ...refused, sizes: undefined }
  }
}

function write ({ problems, source, sizes }: CheckResult, ok: boolean, io: Io): void {
  writeProblems(problems, source, io.stderr, io)
  if (ok && sizes !== undefined) {
    io.stdout.write(`${paintOf(io.stdout, io).green('ok:')} ${describe(sizes)}\n`)
    return
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const said = errors > 0 ? count(errors, 'problem') : `${count(problems.length, 'warning')}, and --strict allows none`
  io.stderr.write(paintOf(io.stderr, io).red(`${said}\n`))
}

function describe ({ routes, upstreams, policies }: Sizes): string {
  return [count(routes, 'route'), count(upstreams, 'upstream'), count(policies, 'policy')].join(', ')
}
