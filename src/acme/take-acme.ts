/** The certificates that a configuration requests, shared by all generations that request the same ones. */

import { resolve } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { certificatesFor, type RoutedHosts } from '../config/acme-hosts.ts'
import type { AcmeConfig } from '../config/schema/acme-schema.ts'
import type { Clock, Random } from '../contract/clock.ts'
import type { EventFact, GatewayEvents } from '../contract/events.ts'
import type { Holder } from '../contract/holder.ts'
import type { Stop } from '../contract/task.ts'
import type { NameLookup } from '../dns/names.ts'
import { AcmeCertificates, type AcmeOptions } from './acme-certificates.ts'
import { challengeTypes } from './challenge.ts'
import type { OpenChallenges } from './challenges.ts'
import type { RenewalReport } from './renewer.ts'

/** What is used of a generation. */
export interface AcmeContext extends Pick<Holder, 'resource' | 'task'> {
  readonly names: NameLookup
  readonly clock: Clock
  readonly random: Random
  readonly events: Pick<GatewayEvents, 'emit' | 'subscribe'>
  /** The folder to which that of the certificates is relative. */
  readonly folder: string
  readonly routes: readonly RoutedHosts[]
  /** Whether a listener without TLS can respond to HTTP-01. */
  readonly plainListener: boolean
  /** Lets the generation wait before it serves. */
  readonly waitFor: (what: string, ready: Promise<unknown>) => void
}

/** What the thread that requests certificates tells. */
interface AcmeNews {
  /** What is told to operators. */
  readonly fact?: EventFact
  /** What all threads answer. */
  readonly challenges: OpenChallenges
}

/** Takes the certificates of one `tls.acme`. They are requested and renewed while a generation has them. */
export function takeAcme (config: AcmeConfig, context: AcmeContext): AcmeCertificates {
  const { resource, task, names, clock, random, events } = context
  const options = optionsOf(config, context)
  const { directory, folder } = options
  const identity = { kind: 'acme', key: `${directory} ${folder}`, options }
  const certificates = resource({
    ...identity,
    create: () => new AcmeCertificates(options, {
      names,
      now: () => clock.wall(),
      random,
      sleep: async (ms, signal) => { await wait(ms, undefined, { signal, ref: false }) }
    })
  })
  task<AcmeNews>({
    ...identity,
    start: requesting(certificates, directory),
    hear: ({ fact }) => { if (fact !== undefined) events.emit(fact) },
    learn: ({ challenges }) => certificates.learn(challenges)
  })
  // The challenges are served from this generation on.
  events.subscribe(({ type }) => {
    if (type === 'gateway-started' || type === 'configuration-reloaded') certificates.serve()
  })
  context.waitFor(`the certificates in ${folder}`, certificates.loaded)
  return certificates
}

/** It refers to no generation. */
function requesting (certificates: AcmeCertificates, directory: string): (publish: (news: AcmeNews) => void) => Stop {
  return publish => certificates.start(
    report => publish({ fact: eventOf(report, directory), challenges: certificates.challenges.open }),
    challenges => publish({ challenges })
  )
}

/** Plain data, so that the same options are known as such. */
function optionsOf (config: AcmeConfig, { folder, routes, plainListener }: AcmeContext): AcmeOptions {
  const { directory, directoryCa, email, externalAccount, profile, challenge } = config
  const [http, tls] = challengeTypes
  return {
    directory,
    directoryCa,
    email,
    externalAccount,
    profile,
    folder: resolve(folder, config.folder),
    certificates: certificatesFor(config, routes),
    challenges: challenge !== undefined ? [challenge] : plainListener ? [tls, http] : [tls]
  }
}

function eventOf (report: RenewalReport, directory: string): EventFact {
  const { kind, hosts } = report
  if (kind !== 'failed') return { type: `certificate-${kind}`, hosts, directory, until: new Date(report.until).toISOString() }
  const { error: { message, problem }, next } = report
  return { type: 'certificate-not-issued', hosts, directory, why: message, problem: problem?.type, next: new Date(next).toISOString() }
}
