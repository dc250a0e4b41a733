/** One parameter of a query: its values, and the query without it. The rest keeps its bytes and order. */

/**
 * The values of a parameter, decoded as HTML forms are (URL Standard §5.1), however its name is encoded.
 * @param query '' or with its `?`
 * @returns undefined for a value that cannot be decoded
 */
export function parameterValues (query: string, name: string): (string | undefined)[] {
  const values: (string | undefined)[] = []
  for (const pair of pairsOf(query)) {
    if (isNamed(pair, name)) values.push(pair.includes('=') ? decoded(pair.slice(pair.indexOf('=') + 1)) : '')
  }
  return values
}

/** The query without the parameter; '' when there is no other one. */
export function withoutParameter (query: string, name: string): string {
  const pairs = pairsOf(query)
  const kept = pairs.filter(pair => !isNamed(pair, name))
  if (kept.length === pairs.length) return query
  return kept.length === 0 ? '' : `?${kept.join('&')}`
}

function pairsOf (query: string): string[] {
  return query === '' ? [] : query.slice(1).split('&')
}

function isNamed (pair: string, name: string): boolean {
  const equals = pair.indexOf('=')
  const written = equals === -1 ? pair : pair.slice(0, equals)
  return written === name || (/[%+]/.test(written) && decoded(written) === name)
}

function decoded (text: string): string | undefined {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return undefined
  }
}
