/** `node:http2`, which is loaded when the first listener or upstream needs it. */

import type * as Http2 from 'node:http2'

export function nodeHttp2 (): typeof Http2 {
  return process.getBuiltinModule('node:http2')
}
