/** nginx, and its configuration as a target. */

import type { Contender, Launch } from '../contender.ts'
import { jsonOf } from '../load.ts'
import { urlOf, type Place } from '../place.ts'

/** Small responses are literals of the configuration; longer ones do not fit into one and are files. */
const longestLiteral = 2048

const main = (folder: string): string => `
daemon off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log crit;
worker_rlimit_nofile 20000;
events { worker_connections 16384; }
`

const http = (folder: string): string => `
  access_log off;
  tcp_nodelay on;
  keepalive_requests 1000000000;
  http2_max_concurrent_streams 1024;
  keepalive_timeout 3600s;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
`

/** A bare reverse proxy with kept connections. */
export const nginx: Contender = {
  name: 'nginx',
  program: 'nginx',
  launch (place) {
    const tls = place.certificate === undefined ? '' : `
      proxy_ssl_verify on;
      proxy_ssl_trusted_certificate ${place.certificate};
      proxy_ssl_name localhost;
      proxy_ssl_session_reuse on;`
    return start(place.folder, `${main(place.folder)}
http {${http(place.folder)}
  upstream service { server ${new URL(urlOf(place, 0)).host}; keepalive 256; keepalive_requests 1000000000; }
  server {
    listen 127.0.0.1:${place.port}${listening(place)} backlog=16384;${frontTls(place)}
    location / {
      proxy_pass ${place.certificate === undefined ? 'http' : 'https'}://service;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;${tls}
    }
  }
}
`)
  }
}

/** nginx as the service behind all contenders. */
export function nginxTarget (
  place: Pick<Place, 'folder' | 'targets' | 'http2Target' | 'certificate' | 'load'>,
  key: string | undefined
): Launch {
  const { folder, load } = place
  const body = jsonOf(load.answer)
  const long = load.answer > longestLiteral
  const secure = place.certificate === undefined ? '' : ' ssl'
  const certificate = place.certificate === undefined ? '' : `
    ssl_certificate ${place.certificate};
    ssl_certificate_key ${key};`
  const answer = long ? `root ${folder}; rewrite ^ /answer.json break; open_file_cache max=10;` : `return 200 '${body}';`
  const { command, args, files } = start(folder, `${main(folder)}
http {${http(folder)}
  sendfile on;
  types { }
  default_type application/json;
  server {
    ${place.targets.map(port => `listen 127.0.0.1:${port}${secure} backlog=16384;`).join(' ')}${certificate}
    listen 127.0.0.1:${place.http2Target} http2 backlog=16384;
    location / { ${answer} }
    location = /health { return 200 '{"status":"UP"}'; }
  }
}
`)
  return { command, args, files: { ...files, ...(long ? { 'answer.json': body } : {}) } }
}

/** What clients speak. This version of nginx speaks either HTTP/1.1 or HTTP/2 on a port without TLS. */
function listening ({ load: { front } }: Place): string {
  return `${front?.tls === true ? ' ssl' : ''}${front?.streams === undefined ? '' : ' http2'}`
}

function frontTls ({ load: { front }, own }: Place): string {
  return front?.tls === true ? ` ssl_certificate ${own.certificate}; ssl_certificate_key ${own.key};` : ''
}

function start (folder: string, configuration: string): Launch {
  return {
    command: 'nginx',
    args: ['-p', folder, '-e', `${folder}/error.log`, '-c', `${folder}/nginx.conf`],
    files: { 'nginx.conf': configuration }
  }
}
