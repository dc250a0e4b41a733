/** How long a connection serves requests. */

/** The longest life of connections; 0 for no limit. */
export interface ConnectionLife {
  /** In milliseconds. That of each connection is up to a tenth shorter or longer, so that not all clients connect again at once. */
  readonly age: number
  /** In requests. */
  readonly requests: number
}

/** No limit. */
export const anyLife: ConnectionLife = { age: 0, requests: 0 }

/** The golden section: multiples of it, modulo 1, are spread evenly however many there are. */
const section = (Math.sqrt(5) - 1) / 2

/** By what the longest age of the connection with a serial number is multiplied: 0.9 to 1.1. */
export function ageFactor (serial: number): number {
  return 0.9 + 0.2 * ((serial * section) % 1)
}
