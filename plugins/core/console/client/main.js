/** The console: starts in the page that the admin listener serves at `/`. */

import { html, render } from './preact.js'
import { begin } from './session.js'
import { Shell } from './shell.js'

render(html`<${Shell} />`, document.getElementById('console'))
void begin()
