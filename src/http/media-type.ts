/** Media types (RFC 9110 §8.3.1). */

/** Whether a Content-Type is that of an event stream, which may last for ever and be silent for long. */
export function isEventStream (contentType: string | readonly string[] | undefined): boolean {
  return typeof contentType === 'string' && /^text\/event-stream\s*(?:;|$)/i.test(contentType)
}

/** Whether a Content-Type says that the body is JSON: `application/json`, or a type whose structured syntax is (RFC 6839 §3.1). */
export function isJson (contentType: string | undefined): boolean {
  if (contentType === undefined) return false
  const semicolon = contentType.indexOf(';')
  const type = (semicolon === -1 ? contentType : contentType.slice(0, semicolon)).trim().toLowerCase()
  return type === 'application/json' || /^[\w!#$&^.+-]+\/[\w!#$&^.+-]+\+json$/.test(type)
}
