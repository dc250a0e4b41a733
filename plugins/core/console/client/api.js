/** The JSON routes of the admin listener, as the console asks them. */

/** A route that did not do what it was asked, in the words of its problem document. */
export class Refused extends Error {
  constructor (status, { code, detail, title, problems } = {}, after) {
    // Problems of a configuration have the lines of the file below their first line.
    super(detail ?? title ?? problems?.map(problem => problem.split('\n')[0]).join('; ') ?? `the gateway responded with ${status}`)
    this.name = 'Refused'
    this.status = status
    this.code = code
    /** Seconds after which to ask again; undefined where it does not say. */
    this.after = after
  }
}

/**
 * Asks a route and resolves with its JSON.
 * @param {string} path
 * @param {{ method?: string, body?: object, signal?: AbortSignal }} options
 * @throws Refused for a status from 400 on; TypeError when the gateway cannot be reached
 */
export async function ask (path, { method = 'GET', body, signal } = {}) {
  const response = await fetch(path, {
    method,
    signal,
    cache: 'no-store',
    credentials: 'same-origin',
    redirect: 'error',
    // A form of another page cannot send this type.
    headers: { accept: 'application/json', ...method === 'GET' ? {} : { 'content-type': 'application/json' } },
    ...method === 'GET' ? {} : { body: JSON.stringify(body ?? {}) }
  })
  const text = await response.text()
  const json = /json/.test(response.headers.get('content-type') ?? '') && text !== '' ? JSON.parse(text) : undefined
  if (response.ok) return json ?? text
  throw new Refused(response.status, json, Number(response.headers.get('retry-after') ?? NaN) || undefined)
}
