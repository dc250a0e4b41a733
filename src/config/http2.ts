/** HTTP/2 on a listener, as the file has it and as this Node can have it. */

import { isNodeFit, nodeForHttp2 } from '../http/node-http2.ts'
import type { Report } from '../contract/plugin.ts'
import { child } from './pointer.ts'
import { usualHttp2Limits, type Http2Limits } from './schema/http2-schema.ts'
import type { ListenerConfig } from './schema/listener-schema.ts'

type Keys = Pick<ListenerConfig, 'http2' | 'tls'>

/** The limits of HTTP/2 on a listener; undefined where its clients speak HTTP/1.1 alone. With TLS it is on by default. */
export function http2Of ({ tls, http2 = tls !== undefined }: Keys, node = process.versions.node): Http2Limits | undefined {
  if (http2 === false || !isNodeFit(node)) return undefined
  return http2 === true ? usualHttp2Limits : http2
}

/** Reports a listener that cannot speak HTTP/2 because this Node is not safe for it. One that need not is only warned of. */
export function checkHttp2 ({ http2, tls }: Keys, pointer: string, report: Report, node = process.versions.node): void {
  if (!(http2 ?? (tls !== undefined)) || isNodeFit(node)) return
  const flaws = `earlier ones have ${nodeForHttp2.flaws.join(' and ')}`
  if (http2 === undefined) {
    report({
      severity: 'warning',
      pointer: child(pointer, 'tls'),
      at: 'key',
      message: `clients speak HTTP/1.1 alone: HTTP/2 needs Node ${nodeForHttp2.version} or later, and this is ${node}`,
      hint: flaws
    })
  } else {
    report({
      pointer: child(pointer, 'http2'),
      at: 'key',
      message: `HTTP/2 needs Node ${nodeForHttp2.version} or later, and this is ${node}`,
      hint: flaws
    })
  }
}
