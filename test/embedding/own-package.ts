/** Makes `onedoor` the sources of this checkout for the examples, as `--conditions=onedoor-source` does for a process. */

import { registerHooks } from 'node:module'
import { ownFile } from '../../src/gateway/own-package.ts'

registerHooks({
  resolve: (specifier, context, next) => {
    return /^onedoor(\/|$)/.test(specifier) ? { url: ownFile(specifier), shortCircuit: true } : next(specifier, context)
  }
})
