/** The place in the console: the part of the URL after `#`, such as `#/routes?filter=users`. */

import { signal } from './preact.js'

/** `{ view: 'upstreams', item: 'orders', query: URLSearchParams }` for `#/upstreams/orders?…`; without an item, `item` is `''`. */
export const place = signal(read(location.hash))

addEventListener('hashchange', () => { place.value = read(location.hash) })

/** The link to a view, or to an item in it. Parameters that are empty or undefined are left out. */
export function linkTo (view, parameters = {}, item = '') {
  const query = new URLSearchParams(Object.entries(parameters).filter(([, value]) => value !== undefined && value !== ''))
  return `#/${view}${item === '' ? '' : `/${encodeURIComponent(item)}`}${query.size === 0 ? '' : `?${query}`}`
}

/** Changes the parameters of this place without a step in the history. */
export function keepInPlace (parameters) {
  const { view, item, query } = place.value
  history.replaceState(null, '', linkTo(view, { ...Object.fromEntries(query), ...parameters }, item))
  place.value = read(location.hash)
}

function read (hash) {
  const [, view = '', item = '', query = ''] = /^#\/([a-z-]*)(?:\/([^?]*))?(?:\?(.*))?$/.exec(hash) ?? []
  return { view: view === '' ? 'overview' : view, item: decoded(item), query: new URLSearchParams(query) }
}

/** A link that was mangled is taken as it is. */
function decoded (text) {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
