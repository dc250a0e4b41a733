/** What the templates of a route read. */

import type { TemplateScope } from '../../../src/http/header-template.ts'
import type { Exchange } from '../../../src/contract/exchange.ts'

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
