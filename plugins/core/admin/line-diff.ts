/** The shortest way from one list of lines to another (E. W. Myers, "An O(ND) Difference Algorithm and Its Variations", 1986). */

/** A line of both (` `), of the old text only (`-`), or of the new one only (`+`). */
export interface DiffLine {
  readonly sign: ' ' | '-' | '+'
  readonly text: string
}

/** The most lines that are looked for one by one. With more, all between the first and the last difference counts as replaced. */
const mostEdits = 1000

export function diffLines (before: readonly string[], after: readonly string[]): DiffLine[] {
  let start = 0
  while (start < before.length && start < after.length && before[start] === after[start]) start++
  let end = 0
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++
  const old = before.slice(start, before.length - end)
  const now = after.slice(start, after.length - end)
  const common = (lines: readonly string[]): DiffLine[] => lines.map(text => ({ sign: ' ', text }))
  return [...common(before.slice(0, start)), ...shortestWay(old, now), ...common(before.slice(before.length - end))]
}

function shortestWay (old: readonly string[], now: readonly string[]): DiffLine[] {
  const traces: Int32Array[] = []
  const most = Math.min(mostEdits, old.length + now.length)
  // For each diagonal k = x - y, the furthest x that `edits` edits reach.
  const reach = new Int32Array(2 * most + 3)
  for (let edits = 0; edits <= most; edits++) {
    traces.push(reach.slice(most + 1 - edits - 1, most + 1 + edits + 2))
    for (let k = -edits; k <= edits; k += 2) {
      const at = most + 1 + k
      const down = k === -edits || (k !== edits && reach[at - 1]! < reach[at + 1]!)
      let x = down ? reach[at + 1]! : reach[at - 1]! + 1
      let y = x - k
      while (x < old.length && y < now.length && old[x] === now[y]) {
        x++
        y++
      }
      reach[at] = x
      if (x >= old.length && y >= now.length) return walkBack(old, now, traces)
    }
  }
  return [...old.map(text => ({ sign: '-' as const, text })), ...now.map(text => ({ sign: '+' as const, text }))]
}

/** @param traces the reach before each number of edits, from diagonal `-edits - 1` on */
function walkBack (old: readonly string[], now: readonly string[], traces: readonly Int32Array[]): DiffLine[] {
  const lines: DiffLine[] = []
  let [x, y] = [old.length, now.length]
  for (let edits = traces.length - 1; edits >= 0; edits--) {
    const reach = (k: number): number => traces[edits]![k + edits + 1]!
    const k = x - y
    const down = k === -edits || (k !== edits && reach(k - 1) < reach(k + 1))
    const fromX = edits === 0 ? 0 : down ? reach(k + 1) : reach(k - 1)
    const fromY = edits === 0 ? 0 : fromX - (down ? k + 1 : k - 1)
    while (x > fromX && y > fromY && !(edits > 0 && x === fromX + (down ? 0 : 1) && y === fromY + (down ? 1 : 0))) {
      lines.push({ sign: ' ', text: old[--x]! })
      y--
    }
    if (edits === 0) break
    lines.push(down ? { sign: '+', text: now[--y]! } : { sign: '-', text: old[--x]! })
  }
  return lines.reverse()
}
