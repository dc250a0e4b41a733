/** A request of the form as commands for a shell. Pure. */

import { nameOf, requestOf, valueOf } from './form.js'

/** `onedoor explain … --live`. */
export function onedoorOf (form) {
  const { method, url, header, ip } = requestOf(form)
  return commandOf('onedoor explain', [
    `${quoted(method)} ${quoted(url)}`,
    ...header.map(line => `-H ${quoted(line)}`),
    ...ip === undefined ? [] : [`--ip ${quoted(ip)}`],
    '--live'
  ])
}

/**
 * The request itself by curl, to the gateway at `origin`. The host of a URL is sent as Host, which is what a rehearsal takes it for.
 */
export function curlOf (form, origin) {
  const { method, url, header } = requestOf(form)
  const parsed = url.startsWith('/') ? undefined : URL.parse(url)
  const host = parsed?.host
  const path = url === '*' ? '' : parsed === undefined || parsed === null ? url : url.replace(/^[^/]*\/\/[^/?#]*/, '')
  return commandOf('curl -i', [
    ...method === 'GET' ? [] : [method === 'HEAD' ? '--head' : `-X ${quoted(method)}`],
    // What curl would take for more than one URL, or tidy.
    .../[[\]{}]/.test(path) ? ['--globoff'] : [],
    .../\/\.|%2e/i.test(path) ? ['--path-as-is'] : [],
    ...url === '*' ? ["--request-target '*'"] : [],
    ...host === undefined ? [] : [`-H ${quoted(`Host: ${host}`)}`],
    ...header.map(line => `-H ${quoted(fieldOf(line))}`),
    quoted(`${origin}${path}`)
  ])
}

/** The address of the first listener; undefined where it has no port of its own. @param {string} here the host of this page */
export function originOf ({ listeners: [listener] = [] }, here) {
  const { host, port, tls } = listener ?? {}
  if (!port) return undefined
  const name = ['0.0.0.0', '::'].includes(host) ? here : host.includes(':') ? `[${host}]` : host
  return `${tls === undefined ? 'http' : 'https'}://${name}:${port}`
}

/** A text as one word of a POSIX shell. */
export function quoted (text) {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
}

/** An empty value takes a field away in curl, unless a semicolon ends the name. */
function fieldOf (line) {
  return valueOf(line) === '' ? `${nameOf(line)};` : line
}

function commandOf (name, parts) {
  const short = [name, ...parts].join(' ')
  return short.length <= 100 ? short : [name, ...parts].join(' \\\n  ')
}
