/** Exchanges and attempts in words, and how they ended as a kind of state. Pure. */

import { milliseconds } from './format.js'

/** `good`, `warning` where the client is at fault, `critical` where the side of the gateway is. */
export function kindOf ({ status, grpcStatus }) {
  if (grpcStatus !== undefined && grpcStatus !== 'OK' && status < 400) return 'warning'
  return status >= 500 ? 'critical' : status >= 400 ? 'warning' : 'good'
}

/** The status in words: with that of a gRPC call where there is one. */
export function statusOf ({ status, grpcStatus }) {
  return grpcStatus === undefined ? String(status) : `${status} ${grpcStatus}`
}

/** A target without what is the same for all of them: `127.0.0.1:9001` for `http://127.0.0.1:9001`. */
export function hostOf (target) {
  return target.replace(/^[a-z]+:\/\//, '')
}

/** What was asked for, such as `/users/1?page=2`; undefined where the path is not shown. */
export function urlOf ({ path, query }) {
  return path === undefined || query === undefined ? path : `${path}?${query}`
}

/** Milliseconds of a part of a request, which may be a small one: `0.037 ms`. */
export function fine (value) {
  return value < 1 ? `${Number(value.toPrecision(2))} ms` : milliseconds(value)
}

/** How many attempts were made. */
export function triesOf ({ attempts, attemptsLeftOut = 0 }) {
  return attempts.length + attemptsLeftOut
}
