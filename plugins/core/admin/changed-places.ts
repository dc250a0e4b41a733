/** The places in which two configurations differ. */

/** A place such as `routes[/users/*].priority`. Items of lists are told apart by their name, path or URL, not by their position. */
export interface PlaceChange {
  readonly place: string
  readonly change: 'added' | 'removed' | 'changed'
}

/** Compares plain data. A mapping or list that is new or gone is one change. */
export function changedPlaces (before: unknown, after: unknown, place = ''): PlaceChange[] {
  const [old, now] = [membersOf(before, after), membersOf(after, before)]
  if (old === undefined || now === undefined) return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ place, change: 'changed' }]
  const changes: PlaceChange[] = []
  for (const key of new Set([...old.keys(), ...now.keys()])) {
    const inner = Array.isArray(before) ? `${place}[${key}]` : place === '' ? key : `${place}.${key}`
    if (!now.has(key)) changes.push({ place: inner, change: 'removed' })
    else if (!old.has(key)) changes.push({ place: inner, change: 'added' })
    else changes.push(...changedPlaces(old.get(key), now.get(key), inner))
  }
  return changes
}

/** What a mapping or list consists of, by key or identity; undefined for other values, and where `other` is of another kind. */
function membersOf (value: unknown, other: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || typeof other !== 'object' || other === null) return undefined
  if (Array.isArray(value) !== Array.isArray(other)) return undefined
  if (!Array.isArray(value)) return new Map(Object.entries(value))
  return byIdentity(value, [...value, ...other as unknown[]].every(item => identityOf(item) !== undefined))
}

function byIdentity (items: readonly unknown[], named: boolean): ReadonlyMap<string, unknown> {
  const members = new Map<string, unknown>()
  for (const [index, item] of items.entries()) {
    const name = named ? identityOf(item)! : String(index)
    // Two routes may have one path: they are told apart by their order.
    let key = name
    for (let again = 2; members.has(key); again++) key = `${name} ${again}`
    members.set(key, item)
  }
  return members
}

function identityOf (item: unknown): string | undefined {
  if (typeof item === 'string') return item
  if (typeof item !== 'object' || item === null) return undefined
  const { name, path, url } = item as Readonly<Record<string, unknown>>
  return [name, path, url].find(known => typeof known === 'string')
}
