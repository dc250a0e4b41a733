/** `onedoor explain`: shows how the gateway would handle a request, and why. */

import { readFileSync } from 'node:fs'
import type { Rehearsal, RehearsalRequest } from '../contract/rehearsal.ts'
import { askAdmin, contentOf } from './admin-client.ts'
import type { Arguments } from './command.ts'
import { choose, load } from './configuration.ts'
import { dryRun } from './dry-run.ts'
import { exit, type Io } from './io.ts'
import { paintOf, type Paint } from './paint.ts'
import { table } from './table.ts'
import { UsageError } from './usage-error.ts'

export async function explain (args: Arguments, io: Io): Promise<number> {
  const request = requestOf(args)
  const rehearsal = args.has('live') ? await askLive(request, args, io) : await rehearseHere(request, args, io)
  if (args.has('json')) io.stdout.write(`${JSON.stringify(rehearsal, null, 2)}\n`)
  else io.stdout.write(`${describe(rehearsal, paintOf(io.stdout, io)).join('\n')}\n`)
  return rehearsal.unknown.length === 0 ? exit.ok : exit.partial
}

function requestOf (args: Arguments): RehearsalRequest {
  const [first, second] = args.positionals
  if (first === undefined) throw new UsageError('which request? onedoor explain GET /users')
  const [method, url] = second === undefined ? ['GET', first] : [first, second]
  const absolute = /^https?:\/\//.test(url)
  if (!/^[A-Za-z-]+$/.test(method)) throw new UsageError(`"${method}" is not a method`, 'onedoor explain METHOD URL')
  if (!url.startsWith('/') && url !== '*' && !(absolute && URL.canParse(url))) {
    throw new UsageError(`"${url}" is neither a path nor a URL`, `/${url}`)
  }
  const ip = args.text('ip')
  const certificate = args.text('certificate')
  return {
    method: method.toUpperCase(),
    url,
    headers: headersOf(args.all('header')),
    ...(ip === undefined ? {} : { remoteAddress: ip }),
    ...(certificate === undefined ? {} : { certificate: readCertificate(certificate) })
  }
}

/** Reads the first certificate of a file, without what may follow: the chain, or a private key. */
function readCertificate (file: string): string {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${file} cannot be read (${(error as NodeJS.ErrnoException).code ?? String(error)})`)
  }
  const [certificate] = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(text) ?? []
  if (certificate === undefined) throw new UsageError(`${file} has no certificate in PEM form`, '--certificate client.pem')
  return certificate
}

function headersOf (written: readonly string[]): Record<string, string> {
  return Object.fromEntries(written.map(line => {
    const colon = line.indexOf(':')
    if (colon < 1) throw new UsageError(`"${line}" is not a header`, "-H 'Name: value'")
    return [line.slice(0, colon).trim().toLowerCase(), line.slice(colon + 1).trim()]
  }))
}

async function rehearseHere (request: RehearsalRequest, args: Arguments, io: Io): Promise<Rehearsal> {
  const loaded = await load(choose(args, io))
  const built = await dryRun(loaded)
  try {
    return loaded.redactor.data(await built.explain(request)) as Rehearsal
  } finally {
    await built.close()
  }
}

async function askLive (request: RehearsalRequest, args: Arguments, io: Io): Promise<Rehearsal> {
  const { method, url, headers, remoteAddress, certificate } = request
  const query = new URLSearchParams({
    method,
    url,
    ...(remoteAddress === undefined ? {} : { ip: remoteAddress }),
    ...(certificate === undefined ? {} : { certificate })
  })
  for (const [name, value] of Object.entries(headers ?? {})) query.append('header', `${name}: ${value}`)
  return contentOf(await askAdmin({ path: `/explain?${query.toString()}` }, args, io)) as Rehearsal
}

function describe (rehearsal: Rehearsal, paint: Paint): string[] {
  const { method, url, route, candidates, decisions } = rehearsal
  return [
    paint.bold(`${method} ${url}`),
    '',
    `route  ${route ?? paint.yellow('none fits')}`,
    ...mark(candidates.map(({ verdict, route: name, why }) => [verdict === 'chosen', name, why]), paint),
    ...(decisions.length === 0 ? [] : ['', 'decisions']),
    ...indent(table(decisions.map(({ by, verdict, why }, index) => [`${index + 1}`, by, verdict, why]))),
    '',
    ...uncertainty(rehearsal, paint),
    ...outcomeLines(rehearsal, paint)
  ]
}

function mark (candidates: readonly (readonly [chosen: boolean, name: string, why: string])[], paint: Paint): string[] {
  const rows = table(candidates.map(([, name, why]) => [name, why]))
  return candidates.map(([chosen], index) => chosen ? `  ${paint.green('✓')} ${rows[index]!}` : paint.dim(`  ✗ ${rows[index]!}`))
}

/** The banner above an outcome that is not certain. */
function uncertainty ({ unknown }: Rehearsal, paint: Paint): string[] {
  if (unknown.length === 0) return []
  return [paint.yellow(`not certain: a rehearsal cannot tell what ${unknown.join(' and ')} will decide. If the request is admitted:`)]
}

function outcomeLines ({ outcome }: Rehearsal, paint: Paint): string[] {
  const { status, code, location, upstream, target, forwards } = outcome
  if (forwards === undefined) {
    const to = location === undefined ? '' : ` ${location}`
    return [paint.bold(code === undefined ? paint.green(`→ ${status}${to}`) : paint.red(`→ ${status} ${code}${to}`))]
  }
  const headers: [string, string][] = []
  for (let at = 0; at + 1 < forwards.headers.length; at += 2) headers.push([`${forwards.headers[at]!}:`, forwards.headers[at + 1]!])
  return [
    paint.bold(paint.green(`→ ${forwards.method} ${originOf(target)}${forwards.path}`)) + paint.dim(
      upstream === undefined || upstream === target ? '' : `  (upstream ${upstream})`
    ),
    ...indent(table(headers))
  ]
}

/** Returns the origin of a target, because the forwarded path already contains its base path. */
function originOf (target: string | undefined): string {
  return target === undefined ? '' : URL.parse(target)?.origin ?? target
}

function indent (lines: readonly string[]): string[] {
  return lines.map(line => `  ${line}`)
}
