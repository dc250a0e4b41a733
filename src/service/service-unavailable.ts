/** Errors of requests to a service. */

/** Thrown when there is no usable response. The message is for the log: it has no secret, but it may have an address. */
export class ServiceUnavailable extends Error {
  override readonly name: string = 'ServiceUnavailable'
}

/** Thrown for a response that decides nothing about this one request. The service is available, so it is no failure for the breaker. */
export class UnusableAnswer extends ServiceUnavailable {
  override readonly name = 'UnusableAnswer'
}

/** Statuses with which a service, or a proxy in front of it, says that it is unavailable. */
const outages: readonly number[] = [429, 502, 503, 504]

/** The error for a response whose status decides nothing. */
export function unusable (status: number, message: string): ServiceUnavailable {
  return outages.includes(status) ? new ServiceUnavailable(message) : new UnusableAnswer(message)
}
