/** Proxies from npm, each a small server below `bench/peers` as its own documentation shows it. */

import { fileURLToPath } from 'node:url'
import type { Contender } from '../contender.ts'
import { urlOf } from '../place.ts'

/** Folder with their package.json. */
export const peersFolder = fileURLToPath(new URL('../peers/', import.meta.url))

/** Bare ones, and the usual packages with all features on, without and with OpenTelemetry. */
export const peers: readonly Contender[] = [
  peer('reply-from', ['reply-from.mjs']),
  peer('http-proxy', ['http-proxy.mjs']),
  peer('fast-gateway', ['fast-gateway.mjs']),
  peer('http-proxy-3', ['http-proxy-3.mjs']),
  peer('usual', ['usual.mjs'], { guarded: true, log: 'access.log' }),
  peer('usual-otel', ['--import', './opentelemetry.mjs', 'usual.mjs'], { guarded: true, log: 'access.log' })
]

function peer (name: string, args: readonly string[], more: Partial<Contender> = {}): Contender {
  return {
    name,
    peer: true,
    node: true,
    ...more,
    launch: place => ({
      command: process.execPath,
      // Of the folder of the peers, not of ours: what they import is beside them.
      args: args.map(each => each.endsWith('.mjs') ? `${peersFolder}${each.replace('./', '')}` : each),
      env: {
        NODE_ENV: 'production',
        PORT: String(place.port),
        TARGET: urlOf(place, 0),
        SECOND_TARGET: urlOf(place, 1),
        COLLECTOR: `http://127.0.0.1:${place.collector}/v1/traces`,
        SECRET: place.secret,
        ACCESS_LOG: `${place.folder}/access.log`,
        // They verify the target by what Node trusts; nothing else differs between plain and tls.
        ...(place.certificate === undefined ? {} : { NODE_EXTRA_CA_CERTS: place.certificate })
      }
    })
  }
}
