/** The view that answers: is it well, and what does it do? */

import { html } from '../preact.js'
import { Charts } from './charts.js'
import { Problems } from './problems.js'
import { Tiles } from './tiles.js'

export function Overview ({ links }) {
  return html`<${Problems} links=${links} /><${Tiles} /><${Charts} />`
}
