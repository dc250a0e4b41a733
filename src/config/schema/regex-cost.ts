/** Estimates how long a tokenized regular expression can take on the worst text. */

import type { Atom, Token } from './regex-tokens.ts'

/** The printable and control characters of ASCII. */
export const asciiCharacters = Array.from({ length: 128 }, (_, code) => String.fromCharCode(code))
const characters = [...asciiCharacters, 'é', '中']

/**
 * The degree of the polynomial in the length of the text: the longest chain of repetitions that can match parts of the same text.
 * 1 is linear.
 */
export function ambiguity (tokens: readonly Token[]): number {
  let worst = 1
  for (const branch of topLevelBranches(tokens)) {
    const chain: number[] = []
    for (const [index, atom] of branch.entries()) {
      if (atom.max === atom.min || atom.max <= 1) continue
      chain[index] = 1
      for (let earlier = 0; earlier < index; earlier++) {
        const length = chain[earlier]
        if (length === undefined || !compete(branch, earlier, index)) continue
        chain[index] = Math.max(chain[index] ?? 1, length + 1)
      }
      worst = Math.max(worst, chain[index] ?? 1)
    }
  }
  return worst
}

/**
 * The number of ways in which optional parts can be taken or left out, and alternatives that begin alike be chosen. A text that does
 * not match is tried in all of them, so they multiply: `[0-9]?` or `(a|a)` twenty-four times are sixteen million.
 */
export function ways (tokens: readonly Token[]): number {
  const atoms = tokens.filter(token => token.type === 'atom')
  let product = 1
  for (const [index, atom] of atoms.entries()) {
    const optional = atom.min === 0 && atom.max === 1
    if (optional && atoms.some((_, later) => later > index && compete(atoms, index, later))) product *= 2
  }
  for (const token of tokens) if (token.type === 'close' && token.optional === true) product *= 2
  for (const beginnings of alternatives(tokens)) {
    const alike = beginnings.filter((one, index) => beginnings.some((other, place) => place !== index && canBeginAlike(one, other)))
    product *= Math.max(1, alike.length)
  }
  return product
}

/** For every group with alternatives, the first atom of each; undefined where an alternative may begin with nothing or with a group. */
function alternatives (tokens: readonly Token[]): (Atom | undefined)[][] {
  const open: (Atom | undefined)[][] = []
  const groups: (Atom | undefined)[][] = []
  for (const [index, { type }] of tokens.entries()) {
    if (type === 'close') {
      const group = open.pop()!
      if (group.length > 1) groups.push(group)
    }
    if (type === 'open') open.push([])
    if (type !== 'open' && (type !== 'bar' || open.length === 0)) continue
    const next = tokens[index + 1]
    open.at(-1)!.push(next?.type === 'atom' && next.min > 0 ? next : undefined)
  }
  return groups
}

function canBeginAlike (one: Atom | undefined, other: Atom | undefined): boolean {
  return one === undefined || other === undefined || characters.some(char => matches(one, char) && matches(other, char))
}

function topLevelBranches (tokens: readonly Token[]): Atom[][] {
  const branches: Atom[][] = [[]]
  for (const token of tokens) {
    if (token.type === 'bar' && token.depth === 0) branches.push([])
    if (token.type === 'atom') branches.at(-1)?.push(token)
  }
  return branches
}

/** Two repetitions compete unless some character that must stand between them can be matched by at most one of them. */
function compete (branch: readonly Atom[], from: number, to: number): boolean {
  const first = branch[from] as Atom
  const second = branch[to] as Atom
  const shared = characters.filter(char => matches(first, char) && matches(second, char))
  if (shared.length === 0) return false
  const between = branch.slice(from + 1, to)
  return !between.some(atom => atom.depth === 0 && atom.min > 0 && !shared.some(char => matches(atom, char)))
}

const matched = new WeakMap<Atom, Map<string, boolean>>()

/** Whether an atom matches a character. Characters beyond ASCII are one class: an atom that names any of them may match all of them. */
export function matches (atom: Atom, char: string): boolean {
  let known = matched.get(atom)
  if (known === undefined) matched.set(atom, known = new Map())
  let result = known.get(char)
  if (result === undefined) {
    result = (char > '\x7f' && /[^\x00-\x7f]|\\u/.test(atom.source)) || new RegExp(`^${atom.source}$`).test(char)
    known.set(char, result)
  }
  return result
}
