/** The form of a rehearsal, the link that has it, and what stays out of the link. Pure. */

/** Names and values of header fields, and parts of a URL, that hold credentials. */
const telling = /token|secret|api-?key|passw|auth|cookie|credential|signature|session|jwt/i
const jwt = /\beyJ[\w-]+\.[\w-]+\.[\w-]+/

/** The form that a link asks for. @param {URLSearchParams} query */
export function formOf (query) {
  const headers = query.getAll('header').join('\n')
  const form = {
    method: query.get('method') ?? 'GET',
    url: query.get('url') ?? '',
    ip: query.get('ip') ?? '',
    headers,
    withSecrets: false,
    leftOut: query.get('without') ?? ''
  }
  return { ...form, withSecrets: secretsOf(form).length > 0 }
}

/** The parameters of the link to a form. Without `withSecrets` they have no credentials, and `without` names those. */
export function linkOf (form) {
  const { method, url, ip, headers, withSecrets } = form
  const left = withSecrets ? [] : secretsOf(form)
  return {
    method,
    url: left.includes(inUrl) ? url.split('?')[0].replace(/\/\/[^/]*@/, '//') : url,
    ip,
    header: linesOf(headers).filter(line => withSecrets || !isSecret(line)).join('\n'),
    without: left.join(', ')
  }
}

/** What the route is asked. */
export function requestOf ({ method, url, ip, headers }) {
  return { method: method.trim(), url: url.trim(), header: linesOf(headers), ...ip.trim() === '' ? {} : { ip: ip.trim() } }
}

const inUrl = 'credentials of the URL'

/** The names of the credentials in a form, each once. */
export function secretsOf ({ headers, url }) {
  const hasUser = /\/\/[^/]*@/.test(url)
  const names = linesOf(headers).filter(isSecret).map(line => nameOf(line).toLowerCase())
  return [...new Set([...names, ...hasUser || telling.test(url.split('?')[1] ?? '') || jwt.test(url) ? [inUrl] : []])]
}

/** The lines of header fields that are not empty. */
export function linesOf (text) {
  return text.split('\n').map(line => line.trim()).filter(line => line !== '')
}

/** The name of a header field, as it is written. */
export function nameOf (line) {
  return line.split(':', 1)[0].trim()
}

/** The value of a header field. */
export function valueOf (line) {
  return line.slice(line.indexOf(':') + 1).trim()
}

function isSecret (line) {
  return telling.test(nameOf(line)) || jwt.test(line)
}
