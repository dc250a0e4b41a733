/** HalfSipHash-2-4 with 64 bits: a hash with a key, so that texts that collide cannot be chosen without knowing it. */

/** Makes texts of characters beyond Latin-1, which are hashed by two bytes a character, differ from all others. */
const wide = 0xff

/**
 * The hash of one text at a time. Of a million texts, two have the same hash with a probability of 3e-8; of ten million, 3e-6.
 * An object and not a function, so that a hash needs no garbage.
 */
export class KeyedHash {
  /** 32 bits of the hash; never 0. */
  low = 0
  /** The other 32 bits. */
  high = 0
  readonly #key0: number
  readonly #key1: number
  #v0 = 0
  #v1 = 0
  #v2 = 0
  #v3 = 0

  constructor (key0: number, key1: number) {
    this.#key0 = key0
    this.#key1 = key1
  }

  /** Hashes a text: sets `low` and `high`. */
  of (text: string): void {
    const { length } = text
    this.#begin(0)
    let seen = 0
    let at = 0
    for (; at + 4 <= length; at += 4) {
      const a = text.charCodeAt(at)
      const b = text.charCodeAt(at + 1)
      const c = text.charCodeAt(at + 2)
      const d = text.charCodeAt(at + 3)
      seen |= a | b | c | d
      this.#add(a | b << 8 | c << 16 | d << 24)
    }
    let last = length << 24
    for (let shift = 0; at < length; at++, shift += 8) {
      const code = text.charCodeAt(at)
      seen |= code
      last |= code << shift
    }
    if (seen > 0xff) this.#ofWide(text)
    else this.#end(last)
  }

  #ofWide (text: string): void {
    const { length } = text
    this.#begin(wide)
    let at = 0
    for (; at + 2 <= length; at += 2) this.#add(text.charCodeAt(at) | text.charCodeAt(at + 1) << 16)
    this.#end(length << 24 | (at < length ? text.charCodeAt(at) : 0))
  }

  #begin (variant: number): void {
    this.#v0 = this.#key0 ^ variant
    this.#v1 = this.#key1 ^ 0xee
    this.#v2 = 0x6c796765 ^ this.#key0
    this.#v3 = 0x74656462 ^ this.#key1
  }

  #add (word: number): void {
    this.#v3 ^= word
    this.#rounds(2)
    this.#v0 ^= word
  }

  #end (last: number): void {
    this.#add(last)
    this.#v2 ^= 0xee
    this.#rounds(4)
    const low = this.#v1 ^ this.#v3
    this.low = low === 0 ? 1 : low
    this.#v1 ^= 0xdd
    this.#rounds(4)
    this.high = this.#v1 ^ this.#v3
  }

  #rounds (count: number): void {
    let v0 = this.#v0
    let v1 = this.#v1
    let v2 = this.#v2
    let v3 = this.#v3
    for (let round = 0; round < count; round++) {
      v0 = v0 + v1 | 0
      v1 = (v1 << 5 | v1 >>> 27) ^ v0
      v0 = v0 << 16 | v0 >>> 16
      v2 = v2 + v3 | 0
      v3 = (v3 << 8 | v3 >>> 24) ^ v2
      v0 = v0 + v3 | 0
      v3 = (v3 << 7 | v3 >>> 25) ^ v0
      v2 = v2 + v1 | 0
      v1 = (v1 << 13 | v1 >>> 19) ^ v2
      v2 = v2 << 16 | v2 >>> 16
    }
    this.#v0 = v0
    this.#v1 = v1
    this.#v2 = v2
    this.#v3 = v3
  }
}
