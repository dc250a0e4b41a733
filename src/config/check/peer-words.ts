/** Words of other gateways (nginx, HAProxy, Envoy, Traefik, Caddy, Kong), and what is written in their place here. */

/**
 * By the word in lower case and without `-`, `_` and dots: names here that mean the same. The first one that is possible at a place is
 * suggested, so that `timeout` is one thing in an upstream and another one in `timeouts`.
 */
export const peerWords: Readonly<Record<string, readonly string[]>> = {
  // Balancers
  leastconn: ['least-connections'],
  leastrequest: ['least-connections'],
  leasttime: ['power-of-two'],
  ewma: ['power-of-two'],
  roundrobin: ['round-robin'],
  wrr: ['weighted-round-robin'],
  weighted: ['weighted-round-robin'],
  p2c: ['power-of-two'],
  iphash: ['consistent-hash'],
  urihash: ['consistent-hash'],
  sourcehash: ['consistent-hash'],
  ringhash: ['consistent-hash'],
  maglev: ['consistent-hash'],
  chash: ['consistent-hash'],
  // Places
  backend: ['upstream'],
  service: ['upstream'],
  cluster: ['upstream'],
  pool: ['upstream'],
  proxypass: ['target', 'upstream'],
  forwardto: ['target', 'upstream'],
  reverseproxy: ['target', 'upstream'],
  url: ['target'],
  uri: ['path'],
  prefix: ['path'],
  pathprefix: ['path'],
  paths: ['path'],
  location: ['path'],
  match: ['path'],
  domain: ['host'],
  hosts: ['host'],
  hostname: ['host'],
  hostnames: ['host'],
  domains: ['host'],
  vhost: ['host'],
  verb: ['methods'],
  method: ['methods'],
  upstream: ['upstreams'],
  backends: ['upstreams', 'targets'],
  services: ['upstreams'],
  clusters: ['upstreams'],
  servers: ['targets', 'upstreams'],
  nodes: ['targets'],
  endpoints: ['targets'],
  instances: ['targets'],
  locations: ['routes'],
  rules: ['routes'],
  routers: ['routes'],
  route: ['routes'],
  apis: ['routes'],
  listen: ['server', 'port'],
  listener: ['server'],
  listeners: ['server'],
  entrypoints: ['server'],
  frontend: ['server'],
  bind: ['host'],
  address: ['host'],
  // What is done to a request
  plugins: ['policies'],
  middleware: ['policies'],
  middlewares: ['policies'],
  filters: ['policies'],
  handlers: ['policies'],
  auth: ['policies'],
  authentication: ['policies'],
  ratelimit: ['policies'],
  ratelimiting: ['policies'],
  cors: ['policies'],
  jwt: ['policies'],
  strippath: ['stripPrefix'],
  stripprefix: ['stripPrefix'],
  replaceprefix: ['rewrite'],
  replacepath: ['rewrite'],
  addheaders: ['requestHeaders'],
  setheaders: ['requestHeaders'],
  customrequestheaders: ['requestHeaders'],
  proxysetheader: ['requestHeaders'],
  customresponseheaders: ['responseHeaders'],
  body: ['text'],
  return: ['respond'],
  directresponse: ['respond'],
  redir: ['redirect'],
  // What is done for an upstream
  lb: ['balance'],
  loadbalancer: ['balance'],
  loadbalancing: ['balance'],
  lbpolicy: ['balance'],
  algorithm: ['balance'],
  strategy: ['balance'],
  policy: ['balance'],
  hashon: ['key'],
  timeout: ['timeouts'],
  readtimeout: ['response'],
  connecttimeout: ['timeouts', 'connect'],
  proxyreadtimeout: ['timeouts'],
  proxyconnecttimeout: ['timeouts'],
  sendtimeout: ['timeouts'],
  retries: ['retry'],
  retrypolicy: ['retry'],
  maxattempts: ['attempts'],
  numretries: ['attempts'],
  tries: ['attempts'],
  healthcheck: ['healthChecks'],
  outlierdetection: ['healthChecks'],
  circuitbreakers: ['circuitBreaker'],
  breaker: ['circuitBreaker'],
  stickysession: ['sticky'],
  sessionaffinity: ['sticky'],
  affinity: ['sticky'],
  keepalive: ['connections'],
  maxconns: ['connections'],
  ssl: ['tls'],
  backup: ['priority'],
  requests: ['limit'],
  rate: ['limit'],
  average: ['limit'],
  // The gateway
  log: ['logging'],
  logs: ['logging'],
  accesslogs: ['accessLog'],
  prometheus: ['metrics'],
  opentelemetry: ['tracing'],
  otel: ['tracing'],
  clientmaxbodysize: ['limits'],
  bodylimit: ['limits'],
  trustedproxies: ['trustProxy'],
  setrealipfrom: ['trustProxy'],
  realip: ['trustProxy']
}

/** What is said besides the word, because the value is written in another way too. */
const remarks: Readonly<Record<string, string>> = {
  'iphash consistent-hash': 'with key: ip',
  'sourcehash consistent-hash': 'with key: ip',
  'ratelimit policies': 'with plugin: rate-limiting',
  'ratelimiting policies': 'with plugin: rate-limiting',
  'cors policies': 'with plugin: cors',
  'jwt policies': 'with plugin: jwt-auth'
}

/** A suggestion for the word of another gateway at a place where `known` is possible; undefined for any other word. */
export function peerHint (word: string, known: readonly string[]): string | undefined {
  const plain = word.toLowerCase().replaceAll(/[-_. ]/g, '')
  const meant = Object.hasOwn(peerWords, plain) ? peerWords[plain]! : [word]
  const ours = meant.find(one => known.includes(one))
  if (ours === undefined) return known.includes('stripPrefix') ? upstreamHint(meant) : undefined
  if (ours === word) return undefined
  const remark = remarks[`${plain} ${ours}`]
  return `did you mean "${ours}"${remark === undefined ? '' : `, ${remark}`}?`
}

/** Keys of an upstream that other gateways have in a route. */
const ofUpstreams: ReadonlySet<string> = new Set([
  'timeouts', 'retry', 'balance', 'circuitBreaker', 'healthChecks', 'targets', 'sticky', 'tls'
])

function upstreamHint (meant: readonly string[]): string | undefined {
  const ours = meant.find(one => ofUpstreams.has(one))
  return ours === undefined ? undefined : `write "${ours}" in the upstream of the route`
}
