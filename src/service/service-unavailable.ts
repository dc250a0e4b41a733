/** Why a service gave no answer that a policy could use. */

/** No usable answer: no connection, too late, broken off, or one that says nothing. The message has no secret, but it may have an address: it is for the log. */
export class ServiceUnavailable extends Error {
  override readonly name: string = 'ServiceUnavailable'
}

/** An answer that says neither yes nor no to this one question. The service is there, and others may well get an answer: it is no failure to the breaker. */
export class UnusableAnswer extends ServiceUnavailable {
  override readonly name = 'UnusableAnswer'
}

/** Statuses with which a service, or what stands in front of it, says itself that it cannot answer anybody now. */
const outages: readonly number[] = [429, 502, 503, 504]

/** The error for an answer with a status that is neither yes nor no. */
export function unusable (status: number, message: string): ServiceUnavailable {
  return outages.includes(status) ? new ServiceUnavailable(message) : new UnusableAnswer(message)
}
