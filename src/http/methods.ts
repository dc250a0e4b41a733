/** The methods that the gateway serves. */

import { nodeHttp } from './node-http.ts'

/** Those that Node reads, without CONNECT and TRACE: what Allow has where no route narrows it (RFC 9110 §10.2.1). */
export const servedMethods: readonly string[] = nodeHttp.METHODS.filter(method => method !== 'CONNECT' && method !== 'TRACE')

/** The same as the value of Allow. */
export const allowsServed = servedMethods.join(', ')
