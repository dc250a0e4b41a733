/** MurmurHash3, 32 bits (Austin Appleby, public domain): fast and even, not made to withstand an attacker. */

/** The hash of the UTF-16LE bytes of a text, from 0 to 2³² - 1; the same everywhere and always. */
export function murmur3 (text: string, seed: number): number {
  const { length } = text
  let hash = seed
  for (let at = 0; at + 1 < length; at += 2) {
    hash ^= scramble(text.charCodeAt(at) | (text.charCodeAt(at + 1) << 16))
    hash = (hash << 13) | (hash >>> 19)
    hash = (Math.imul(hash, 5) + 0xe6546b64) | 0
  }
  if (length % 2 === 1) hash ^= scramble(text.charCodeAt(length - 1))
  return finish(hash ^ (length * 2))
}

function scramble (block: number): number {
  const mixed = Math.imul(block, 0xcc9e2d51)
  return Math.imul((mixed << 15) | (mixed >>> 17), 0x1b873593)
}

function finish (hash: number): number {
  let mixed = hash ^ (hash >>> 16)
  mixed = Math.imul(mixed, 0x85ebca6b)
  mixed ^= mixed >>> 13
  mixed = Math.imul(mixed, 0xc2b2ae35)
  return (mixed ^ (mixed >>> 16)) >>> 0
}
