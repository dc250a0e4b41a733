/** JSON pointers (RFC 6901). */

/** The pointer of the entry `key` of what `pointer` points at. */
export function child (pointer: string, key: string | number): string {
  return `${pointer}/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`
}

/** The keys on the way from the root; none for the root itself. */
export function steps (pointer: string): string[] {
  return pointer.split('/').slice(1).map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
}
