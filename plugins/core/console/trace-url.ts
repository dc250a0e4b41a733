/** `console.traceUrl`: where people look at a trace. */

const place = '{traceId}'

/** What is wrong with the address; undefined when nothing is. */
export function traceUrlProblem (template: string): string | undefined {
  if (!template.includes(place)) return `the address of a trace has ${place} in it, at the place of its id`
  // Two ids: an id in the host would let a request choose where the link leads.
  const [url, other] = [URL.parse(traceLink(template, '0'.repeat(32))), URL.parse(traceLink(template, '1'.repeat(32)))]
  if (url === null || other === null || /\s/.test(template)) return 'this is no URL'
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return `a link leads to http:// or https://, got ${url.protocol}//`
  if (url.username !== '' || url.password !== '') return 'an address that people see carries no credentials'
  return url.host === other.host ? undefined : `${place} is in the path, the query or the fragment, not in the host`
}

/** The link to a trace, whose id is 32 hex digits. */
export function traceLink (template: string, traceId: string): string {
  return template.replaceAll(place, traceId)
}
