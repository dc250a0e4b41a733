/** What the templates of a route read. */

import type { Exchange, TemplateScope } from '../../../src/index.ts'

/** The parts of an exchange by the roots of templates. */
export function scopeOf ({ request, match, headers, id, method, path, clientIp }: Exchange): TemplateScope {
  return {
    params: match!.params,
    claims: request!.claims ?? undefined,
    header: headers,
    query: request!.query as Record<string, unknown>,
    request: { id, method, path },
    client: { ip: clientIp }
  }
}
