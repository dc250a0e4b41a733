/** HAProxy, bare and with its equivalents of everything that a gateway does. */

import { readFileSync } from 'node:fs'
import type { Contender } from '../contender.ts'
import { urlOf, type Place } from '../place.ts'

/** A bare reverse proxy with kept connections. */
export const haproxy: Contender = {
  name: 'haproxy',
  program: 'haproxy',
  launch: place => start(place, '', `
  server first ${new URL(urlOf(place, 0)).host} ${place.load.http2 === true ? 'proto h2 ' : ''}${tls(place)}`)
}

/** HS256 tokens, a limit per client, a log line as JSON, request id and trace, weights, active and passive health. */
export const haproxyAllOn: Contender = {
  name: 'haproxy-all-on',
  program: 'haproxy',
  guarded: true,
  log: 'output.log',
  launch: place => start(place, `
  log global
  log-format '${[
    '{"time":"%[date(0,ms)]"', '"requestId":"%ID"', '"method":"%HM"', '"path":"%HP"', '"status":%ST', '"ms":%Ta', '"target":"%s"',
    '"bytes":%B', '"clientIp":"%ci"', '"sub":"%[var(txn.sub),json(utf8s)]"}'
  ].join(',')}'
  unique-id-format %[uuid()]
  unique-id-header x-request-id
  http-request set-header traceparent 00-%[uuid(),regsub(-,,g)]-%[uuid(),regsub(-,,g),bytes(0,16)]-00 \
unless { req.hdr(traceparent) -m found }
  http-request deny deny_status 401 unless { http_auth_bearer,jwt_header_query('$.alg') -m str HS256 }
  http-request deny deny_status 401 unless { http_auth_bearer,jwt_verify('HS256','${place.secret}') 1 }
  http-request set-var(txn.now) date()
  http-request set-var(txn.left) http_auth_bearer,jwt_payload_query('$.exp','int'),sub(txn.now)
  http-request deny deny_status 401 if { var(txn.left) -m int lt 0 }
  http-request set-var(txn.sub) http_auth_bearer,jwt_payload_query('$.sub')
  stick-table type ip size 100k expire 60s store http_req_rate(1s)
  http-request track-sc0 src
  http-request deny deny_status 429 if { sc_http_req_rate(0) gt 1000000 }`, `
  balance roundrobin
  option httpchk GET /health
  default-server inter 5s fall 3 rise 2 observe layer7 error-limit 10 on-error mark-down
  server first 127.0.0.1:${place.targets[0]} weight 3 check ${tls(place)}
  server second 127.0.0.1:${place.targets[1]} weight 1 check ${tls(place)}`)
}

/** What clients speak. A port without TLS finds out by itself. */
function front ({ folder, load: { front: by } }: Place): string {
  return by?.tls === true ? ` ssl crt ${folder}/front.pem alpn ${by.streams === undefined ? 'http/1.1' : 'h2'}` : ''
}

function tls (place: Place): string {
  return place.certificate === undefined ? '' : `ssl verify required ca-file ${place.certificate} sni str(localhost) verifyhost localhost`
}

function start (place: Place, frontend: string, backend: string): ReturnType<Contender['launch']> {
  return {
    command: 'haproxy',
    args: ['-f', `${place.folder}/haproxy.cfg`, '-db'],
    files: {
      'front.pem': readFileSync(place.own.certificate, 'utf8') + readFileSync(place.own.key, 'utf8'),
      'haproxy.cfg': `global
  nbthread 1
  maxconn 4000
  log stdout format raw local0 info
defaults
  mode http
  timeout connect 5s
  timeout client 1h
  timeout server 1h
  http-reuse always
frontend door
  bind 127.0.0.1:${place.port} backlog 16384${front(place)}
  option forwardfor
  default_backend service${frontend}
backend service${backend}
`
    }
  }
}
