/** What finding the route costs, by number of routes: `node bench/micro/match.ts` */

import { Matcher } from '../../plugins/core/routing/matcher.ts'
import { parsePattern, type Pattern } from '../../plugins/core/routing/pattern.ts'
import { readRequestTarget } from '../../src/http/request-target.ts'
import { measure } from './measure.ts'

for (const count of [10, 1000, 10_000]) {
  const routes = Array.from({ length: count }, (_, index) => ({
    path: parsePattern(index % 2 === 0 ? `/service-${index}/*` : `/service-${index}/:id`) as Pattern,
    conditions: {} as never,
    order: index,
    value: index
  }))
  const matcher = new Matcher(routes, { trailingSlash: 'strict' })
  const views = routes.map((_, index) => ({ method: 'GET', path: `/service-${index}/42`, query: '', host: 'shop.example', headers: {} }))
  if (matcher.match(views[0]!).kind !== 'route') throw new Error('nothing was found')
  measure(`match, ${count} routes`, index => matcher.match(views[index % views.length]!))
}

const targets = Array.from({ length: 1000 }, (_, index) => `/api/users/${index}?page=2`)
measure('request target read', index => readRequestTarget('GET', targets[index % targets.length]!, 8192))
