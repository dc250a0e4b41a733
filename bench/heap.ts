/** Heap snapshots of a process, by class: what is alive after a full garbage collection. */

import type { Inspector } from './inspector.ts'

/** A snapshot as V8 writes it: nodes are rows of numbers in one long list. */
export interface Snapshot {
  readonly snapshot: { readonly meta: {
    readonly node_fields: readonly string[],
    readonly node_types: readonly (readonly string[] | string)[]
  } }
  readonly nodes: readonly number[]
  readonly strings: readonly string[]
}

/** Bytes that objects of a class take themselves, and how many there are. */
export interface ClassSize {
  readonly bytes: number
  readonly count: number
}

/** Sizes by class of object, or by kind for what has none. */
export function sizesByClass ({ snapshot: { meta }, nodes, strings }: Snapshot): Map<string, ClassSize> {
  const width = meta.node_fields.length
  const [type, name, size] = ['type', 'name', 'self_size'].map(field => meta.node_fields.indexOf(field)) as [number, number, number]
  const types = meta.node_types[type] as readonly string[]
  const found = new Map<string, ClassSize>()
  for (let at = 0; at < nodes.length; at += width) {
    const kind = types[nodes[at + type]!]!
    const key = kind === 'object' || kind === 'native' ? strings[nodes[at + name]!]! : `(${kind})`
    const before = found.get(key)
    found.set(key, { bytes: (before?.bytes ?? 0) + nodes[at + size]!, count: (before?.count ?? 0) + 1 })
  }
  return found
}

/** All of them together. */
export function totalBytes (sizes: ReadonlyMap<string, ClassSize>): number {
  let sum = 0
  for (const { bytes } of sizes.values()) sum += bytes
  return sum
}

/** Collects garbage and takes a snapshot. Machine code is left out: V8 makes and drops it as it likes. */
export async function takeSnapshot (inspector: Inspector): Promise<Map<string, ClassSize>> {
  const chunks: string[] = []
  inspector.on('HeapProfiler.addHeapSnapshotChunk', params => { chunks.push((params as { chunk: string }).chunk) })
  await inspector.send('HeapProfiler.enable')
  // What has a finalizer is gone only after the second time.
  for (let time = 0; time < 3; time++) await inspector.send('HeapProfiler.collectGarbage')
  await inspector.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
  return withoutCode(chunks.join(''))
}

/** The same of a thread, by the admin listener. */
export async function snapshotOfThread (admin: string, token: string, thread: number): Promise<Map<string, ClassSize>> {
  const response = await fetch(`${admin}/debug/heap?thread=${thread}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` }
  })
  if (!response.ok) throw new Error(`no snapshot of thread ${thread}: ${response.status} ${await response.text()}`)
  return withoutCode(await response.text())
}

function withoutCode (text: string): Map<string, ClassSize> {
  const sizes = sizesByClass(JSON.parse(text) as Snapshot)
  sizes.delete('(code)')
  return sizes
}
