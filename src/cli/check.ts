/** `onedoor check`: validates a configuration without starting it. */

import { requestedCertificates } from '../config/acme-hosts.ts'
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
  /** Certificates that the gateway will request. */
  readonly certificates: ReturnType<typeof requestedCertificates>
}

export async function check (args: Arguments, io: Io): Promise<number> {
  const verdict = await judge(args, io)
  const warnings = verdict.problems.some(({ severity }) => severity === 'warning')
  const ok = verdict.ok && !(args.has('strict') && warnings)
  const report = { ok, problems: verdict.problems.map(plainProblem), ...verdict.sizes, ...certificatesOf(verdict) }
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
      sizes: sizesOf(loaded.config),
      certificates: requestedCertificates(loaded.config)
    }
  } catch (error) {
    const refused = problemsOf(error)
    if (refused === undefined) throw error
    return { ok: false, ...refused, sizes: undefined, certificates: [] }
  }
}

function write ({ problems, source, sizes, certificates }: CheckResult, ok: boolean, io: Io): void {
  writeProblems(problems, source, io.stderr, io)
  if (ok && sizes !== undefined) {
    io.stdout.write(`${paintOf(io.stdout, io).green('ok:')} ${describe(sizes)}\n`)
    for (const line of certificateLines(certificates)) io.stdout.write(`${line}\n`)
    return
  }
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const said = errors > 0 ? count(errors, 'problem') : `${count(problems.length, 'warning')}, and --strict allows none`
  io.stderr.write(paintOf(io.stderr, io).red(`${said}\n`))
}

function describe ({ routes, upstreams, policies }: Sizes): string {
  return [count(routes, 'route'), count(upstreams, 'upstream'), count(policies, 'policy')].join(', ')
}

/** Only where there are any: most configurations request none. */
function certificatesOf ({ certificates }: CheckResult): { readonly certificates?: CheckResult['certificates'] } {
  return certificates.length === 0 ? {} : { certificates }
}

/** The most certificates that are listed for one directory. */
const mostListed = 20

/** For each directory the hosts that a certificate is requested for; hosts that share one are joined by `+`. */
function certificateLines (certificates: CheckResult['certificates']): string[] {
  return [...Map.groupBy(certificates, ({ directory }) => directory)].map(([directory, all]) => {
    const names = all.slice(0, mostListed).map(({ hosts }) => hosts.join('+'))
    const more = all.length > mostListed ? `, and ${all.length - mostListed} more` : ''
    return `${count(all.length, 'certificate')} from ${new URL(directory).host}: ${names.join(', ')}${more}`
  })
}
