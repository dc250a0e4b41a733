/** Certificates of listeners that expire, and those that the gateway requests in vain. */

import type { Problem } from './problems.ts'
import { count, span } from './problem-words.ts'
import type { Situation } from './situation.ts'

export function certificateProblems ({ certificates, requested, now }: Situation): Problem[] {
  const expiring = certificates.filter(({ to, expiring }) => expiring || to <= now).map(({ hosts, listener, to }): Problem => {
    const expired = to <= now
    const when = expired ? `expired ${span(now - to)} ago` : `expires in ${span(to - now)}`
    return {
      severity: expired ? 'critical' : 'warning',
      text: `the certificate of ${named(hosts)} at ${listener} ${when}`,
      link: '#/overview'
    }
  })
  const failing = requested.filter(({ failures }) => failures > 0).map((certificate): Problem => {
    const { hosts, failures, lastFailure, nextRequest, validUntil } = certificate
    const why = lastFailure === undefined ? '' : `, last: ${lastFailure}`
    return {
      severity: validUntil === undefined || validUntil <= now ? 'critical' : 'warning',
      text: `no certificate for ${named(hosts)} is issued: ${count(failures, 'failure')} in a row${why}; ` +
        `next try in ${span(nextRequest - now)}`,
      link: '#/overview'
    }
  })
  return [...expiring, ...failing]
}

function named ([first = '(no host)', ...others]: readonly string[]): string {
  return others.length === 0 ? first : `${first} and ${count(others.length, 'more host')}`
}
