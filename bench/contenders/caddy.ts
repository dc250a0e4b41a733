/** Caddy as a bare reverse proxy. */

import type { Contender } from '../contender.ts'
import { urlOf } from '../place.ts'

/** Without an access log, which is how it comes. */
export const caddy: Contender = {
  name: 'caddy',
  program: 'caddy',
  launch (place) {
    const tls = place.certificate === undefined ? '' : `
      tls_trusted_ca_certs ${place.certificate}
      tls_server_name localhost`
    const { front } = place.load
    const own = front?.tls === true ? `\n  tls ${place.own.certificate} ${place.own.key}` : ''
    return {
      command: 'caddy',
      args: ['run', '--config', `${place.folder}/Caddyfile`, '--adapter', 'caddyfile'],
      env: { HOME: place.folder, XDG_DATA_HOME: place.folder, XDG_CONFIG_HOME: place.folder },
      files: {
        Caddyfile: `{
  admin off
  auto_https off
  servers {
    protocols h1 h2 h2c
  }
}
${front?.tls === true ? 'https' : 'http'}://127.0.0.1:${place.port} {
  bind 127.0.0.1${own}
  reverse_proxy ${urlOf(place, 0)} {
    transport http {
      keepalive_idle_conns_per_host 256${tls}${place.load.http2 === true ? '\n      versions h2c' : ''}
    }
  }
}
`
      }
    }
  }
}
