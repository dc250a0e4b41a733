/** The line that Apache and nginx call `combined`, for tools that read nothing else. */

import { answerStatus, askedPath, type Exchange, redactQuery, type Redaction } from '../../../src/index.ts'
import { cut, refererOf } from './extra-fields.ts'
import { subjectOf } from './fields.ts'
import type { RenderLine } from './json-line.ts'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Compiles the format. `redaction` is that of the query; without it the query is left out. */
export function compileCombinedLine (redaction: Redaction | undefined): RenderLine {
  return (exchange, _level, _now, wall) => {
    const { method, raw, clientIp, bytesOut } = exchange
    const query = redaction === undefined || exchange.query.length < 2
      ? ''
      : `?${cut(redactQuery(exchange.query.slice(1), redaction.parameters))}`
    const asked = escape(`${method} ${askedPath(exchange)}${query} HTTP/${raw.httpVersion}`)
    return `${clientIp || '-'} - ${userOf(exchange)} [${stamp(wall)}] "${asked}" ${answerStatus(exchange)} ` +
      `${bytesOut === 0 ? '-' : bytesOut} "${escape(refererOf(exchange) ?? '-')}" ` +
      `"${escape(cut(exchange.headers['user-agent']) ?? '-')}"\n`
  }
}

/** The line of something that never became a request. */
export function combinedUnread (peer: string, status: number, wall: number): string {
  return `${peer || '-'} - - [${stamp(wall)}] "-" ${status} - "-" "-"\n`
}

/** A column without quotes must not have a space in it. */
function userOf (exchange: Exchange): string {
  const sub = subjectOf(exchange)
  return sub === undefined || sub === '' ? '-' : escape(cut(sub)!).replaceAll(' ', '\\x20')
}

/** As Apache does it: quotes and backslashes behind a backslash, what is not ASCII text as bytes. */
function escape (text: string): string {
  return /[^ !#-[\]-~]/.test(text) ? text.replace(/["\\]|[^ -~]+/g, escaped) : text
}

function escaped (part: string): string {
  if (part === '"' || part === '\\') return `\\${part}`
  return [...Buffer.from(part)].map(byte => `\\x${byte.toString(16).padStart(2, '0')}`).join('')
}

let second = -1
let text = ''

/** `27/Nov/2026:21:33:00 +0000`, made once a second. */
function stamp (wall: number): string {
  const now = Math.floor(wall / 1000)
  if (now !== second) {
    second = now
    const date = new Date(now * 1000)
    const two = (part: number): string => String(part).padStart(2, '0')
    const time = [date.getUTCHours(), date.getUTCMinutes(), date.getUTCSeconds()].map(two).join(':')
    text = `${two(date.getUTCDate())}/${months[date.getUTCMonth()]}/${date.getUTCFullYear()}:${time} +0000`
  }
  return text
}
