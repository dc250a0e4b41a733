/** The views of the console, in the order of the navigation. */

import { Configuration } from './configuration/configuration.js'
import { Explain } from './explain/explain.js'
import { Limits } from './limits/limits.js'
import { Overview } from './overview/overview.js'
import { Requests } from './requests/requests.js'
import { Routes } from './routes/routes.js'
import { Upstreams } from './upstreams/upstreams.js'

/**
 * `name` is in the URL; `View` is a component, which is there while the view is open. A view with `items` gets the name of the one that
 * the URL names as `item`, or `''`. `tables` are those with many rows that it needs of the live stream.
 */
export const views = [
  { name: 'overview', title: 'Overview', View: Overview },
  { name: 'routes', title: 'Routes', View: Routes, items: true, tables: ['routes'] },
  { name: 'upstreams', title: 'Upstreams', View: Upstreams, items: true, tables: ['upstreams', 'targetTraffic'] },
  { name: 'limits', title: 'Limits', View: Limits },
  { name: 'requests', title: 'Requests', View: Requests, items: true },
  { name: 'explain', title: 'Explain', View: Explain },
  { name: 'configuration', title: 'Configuration', View: Configuration, items: true }
]
