/**
 * A hash ring (Karger et al. 1997, with the points of ketama): every member has many points on a circle, and a key belongs to the member
 * of the first point at or behind its own. A member that leaves gives away its own keys and no others; one that joins
 * takes only what becomes its own.
 */

import { murmur3 } from './murmur3.ts'

/** A member of the ring. */
export interface RingMember {
  /** Decides where its points are. */
  readonly name: string
  /** Share of the keys relative to the others; above 0. */
  readonly weight: number
}

/** Points of a member of the smallest weight: shares deviate by about 1/√160 = 8 %. */
const pointsEach = 160

/** Most points of a ring; above it all members get fewer. 2¹⁶ points are 768 KiB. */
const mostPoints = 65_536

export class HashRing {
  /** Hashes of the points, ascending. */
  readonly #points: Uint32Array
  /** The member of each point, by its place in the list of members. */
  readonly #members: Uint32Array

  constructor (members: readonly RingMember[]) {
    const counts = pointCounts(members.map(({ weight }) => weight))
    const byName = members.map((_member, index) => index).toSorted((a, b) => members[a]!.name < members[b]!.name ? -1 : 1)
    // Two numbers in one, so that they are sorted without comparing: where two members have the same point, the name
    // decides and not the order of the file.
    const packed = new Float64Array(counts.reduce((sum, count) => sum + count, 0))
    let at = 0
    for (const [rank, index] of byName.entries()) {
      for (let point = 0; point < counts[index]!; point++) packed[at++] = murmur3(members[index]!.name, point) * members.length + rank
    }
    packed.sort()
    this.#points = Uint32Array.from(packed, value => Math.floor(value / members.length))
    this.#members = Uint32Array.from(packed, value => byName[value % members.length]!)
  }

  /** Number of points. */
  get size (): number {
    return this.#points.length
  }

  /** The position that a key belongs to; positions go from 0 to `size` - 1 and on from 0 again. */
  positionOf (key: string): number {
    const hash = murmur3(key, keySeed)
    let low = 0
    let high = this.#points.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.#points[middle]! < hash) low = middle + 1
      else high = middle
    }
    return low === this.#points.length ? 0 : low
  }

  /** The member that a position belongs to, by its place in the list of members. */
  memberAt (position: number): number {
    return this.#members[position]!
  }
}

/** Apart from the seeds of points, so that a key that is called like a target does not fall on one of its points. */
const keySeed = 0x6b657973

/** Counts depend on a member's own weight, so that a member that comes or goes does not move the points of the others. */
function pointCounts (weights: readonly number[]): number[] {
  const unit = weights.reduce(greatestCommonDivisor, 0)
  const wanted = weights.map(weight => weight / unit * pointsEach)
  const total = wanted.reduce((sum, count) => sum + count, 0)
  return wanted.map(count => Math.max(1, Math.floor(count * Math.min(1, mostPoints / total))))
}

function greatestCommonDivisor (a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}
