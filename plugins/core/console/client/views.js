/** The views of the console, in the order of the navigation. */

import { Overview } from './overview.js'

/** `name` is in the URL; `View` is a component, which is there while the view is open. */
export const views = [
  { name: 'overview', title: 'Overview', View: Overview }
]
