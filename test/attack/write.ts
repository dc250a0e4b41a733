/** Requests for attacks: right in everything but what is asked for. */

const host = 'Host: a.example\r\n'
const close = 'Connection: close\r\n'

/** One field for each line. */
export function lines (...fields: readonly string[]): string {
  return fields.map(field => `${field}\r\n`).join('')
}

/** A request without a body, the last on its connection. */
export function get (target: string, ...fields: readonly string[]): string {
  return `GET ${target} HTTP/1.1\r\n${host}${close}${lines(...fields)}\r\n`
}

/** A request with these fields and, after them, these bytes; the last on its connection. */
export function post (body: string, ...fields: readonly string[]): string {
  return `POST / HTTP/1.1\r\n${host}${close}${lines(...fields)}\r\n${body}`
}

/** As {@link post}, and the connection is to be kept. */
export function keep (body: string, ...fields: readonly string[]): string {
  return `POST / HTTP/1.1\r\n${host}${lines(...fields)}\r\n${body}`
}

/** A request with chunks, as they are given. */
export function chunked (body: string): string {
  return post(body, 'Transfer-Encoding: chunked')
}

/** A body of one chunk. */
export const oneChunk = '5\r\nhello\r\n0\r\n\r\n'

/** A request that nobody may see who does not take it for one. */
export const hidden = 'GET /hidden HTTP/1.1\r\nHost: a.example\r\nX: '

/** Text that shows which bytes it has. */
export function shown (bytes: string): string {
  // oxlint-disable-next-line no-control-regex
  return bytes.replace(
    /[\x00-\x20\x7f-\xff]/g,
    byte => byte === ' ' ? '␠' : `<${byte.charCodeAt(0).toString(16).padStart(2, '0')}>`
  ).slice(0, 60)
}
